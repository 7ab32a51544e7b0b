#! args: check
abi 7
wen exec matches /a deny
#> point-06-unknown-statement-gets-a-suggestion.ll:3:1: error[E0128]: `wen` starts no statement
#>    3 | wen exec matches /a deny
#>      | ^^^
#> help: did you mean: `when`
#> exit: 1
