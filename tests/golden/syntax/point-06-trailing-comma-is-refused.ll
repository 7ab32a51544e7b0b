#! args: check
abi 7
let ports = [80, 443,]
#> point-06-trailing-comma-is-refused.ll:3:21: error[E0118]: a comma with nothing behind it
#>    3 | let ports = [80, 443,]
#>      |                     ^
#> help: remove the comma
#> exit: 1
