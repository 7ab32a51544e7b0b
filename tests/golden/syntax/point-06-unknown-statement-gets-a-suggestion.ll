#! args: check
abi 7
wen exec matches /a deny
#> point-06-unknown-statement-gets-a-suggestion.ll:3:1: error[E0100]: unexpected `wen`; expected nothing more
#>    3 | wen exec matches /a deny
#>      | ^^^
#> exit: 1
