#! args: check
abi 7
ruleset web { allow read, execute, read beneath /usr }
#> point-06-thing-said-twice-is-refused.ll:3:36: error[E0125]: `read` is said twice
#>    3 | ruleset web { allow read, execute, read beneath /usr }
#>      |                                    ^^^^
#> help: remove the second one
#> exit: 1
