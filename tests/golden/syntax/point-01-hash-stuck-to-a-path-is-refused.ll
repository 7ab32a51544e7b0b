#! args: check
abi 7
ruleset web {
    allow read file /srv/a#b
}
#> point-01-hash-stuck-to-a-path-is-refused.ll:4:27: error[E0109]: `#` is stuck to what stands before it; a comment starts after white space or a delimiter
#>    4 |     allow read file /srv/a#b
#>      |                           ^
#> help: quote the whole word to keep the `#` in it, or put a blank before a comment
#> exit: 1
