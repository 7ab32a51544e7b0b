#! args: check
abi 7
when exec matches /a unless user root setuid deny
#> point-05-and-cannot-be-left-out-after-unless.ll:3:39: error[E0122]: `and` is missing here; it cannot be left out after `unless`
#>    3 | when exec matches /a unless user root setuid deny
#>      |                                       ^^^^^^
#> help: write `and`: `and `
#> exit: 1
