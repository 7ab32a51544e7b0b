#! args: check
abi 7
when exec matches /a not user root deny
#> point-05-and-cannot-be-left-out-beside-not.ll:3:22: error[E0122]: `and` is missing here; it cannot be left out beside `not`
#>    3 | when exec matches /a not user root deny
#>      |                      ^^^
#> help: write `and`: `and `
#> exit: 1
