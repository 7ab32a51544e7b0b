#! args: check
abi 7
ruleset web {
    allow read beneath /etc
    deny read file /etc/shadow
}
#> point-06-deny-in-a-ruleset-is-refused.ll:5:5: error[E0120]: a ruleset has no `deny`: Landlock denies what is handled and not allowed
#>    5 |     deny read file /etc/shadow
#>      |     ^^^^
#> help: leave the right out of every `allow` that covers the path, or carve the path out with `except`
#> exit: 1
