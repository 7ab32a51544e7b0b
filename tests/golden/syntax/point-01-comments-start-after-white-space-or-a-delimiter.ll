#! args: --emit=ast -o -
# at the start of a line
abi 7 # after white space
ruleset web {# after a delimiter
    allow read beneath /usr
}
#> abi 7 [3:1-3:6]
#> ruleset "web" [4:1-6:2]
#>   allow "read" beneath "/usr"
#> comment [1:1-1:25] "#! args: --emit=ast -o -"
#> comment [2:1-2:25] "# at the start of a line"
#> comment [3:7-3:26] "# after white space"
#> comment [4:14-4:33] "# after a delimiter"
#> exit: 0
