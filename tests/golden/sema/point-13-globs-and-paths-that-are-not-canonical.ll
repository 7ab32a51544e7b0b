#! args: check
abi 7
ruleset r {
    allow read beneath /usr/lib/python3*
    allow read file /etc//hosts
    allow read beneath /etc/
    allow read beneath /a/../b
    allow read each "etc/*"
    allow read each "/a/["
    allow read beneath /x, "/x"
}
#> point-13-globs-and-paths-that-are-not-canonical.ll:4:24: error[E0302]: a glob after `beneath`; in a ruleset globs stand only after `each` and `except`
#>    4 |     allow read beneath /usr/lib/python3*
#>      |                        ^^^^^^^^^^^^^^^^^
#> help: a `\` before the character takes its meaning away
#> point-13-globs-and-paths-that-are-not-canonical.ll:5:21: error[E0303]: path `/etc//hosts` holds `//`
#>    5 |     allow read file /etc//hosts
#>      |                     ^^^^^^^^^^^
#> point-13-globs-and-paths-that-are-not-canonical.ll:6:24: error[E0303]: path `/etc/` ends in `/`
#>    6 |     allow read beneath /etc/
#>      |                        ^^^^^
#> point-13-globs-and-paths-that-are-not-canonical.ll:7:24: error[E0303]: path `/a/../b` holds a `.` or `..` component
#>    7 |     allow read beneath /a/../b
#>      |                        ^^^^^^^
#> point-13-globs-and-paths-that-are-not-canonical.ll:8:21: error[E0303]: path `etc/*` is not absolute
#>    8 |     allow read each "etc/*"
#>      |                     ^^^^^^^
#> point-13-globs-and-paths-that-are-not-canonical.ll:9:21: error[E0500]: pattern at byte 4: '[' without ']'
#>    9 |     allow read each "/a/["
#>      |                     ^^^^^^
#> point-13-globs-and-paths-that-are-not-canonical.ll:10:28: error[E0222]: `/x` is said twice
#>   10 |     allow read beneath /x, "/x"
#>      |                            ^^^^
#> exit: 1
