#! args: check
abi 7
when exec matches /a apply web wiht nnp
#> point-06-unknown-word-gets-a-suggestion.ll:3:32: error[E0100]: unexpected `wiht`; expected `with`, `,` or a new statement
#>    3 | when exec matches /a apply web wiht nnp
#>      |                                ^^^^
#> help: did you mean: `with`
#> exit: 1
