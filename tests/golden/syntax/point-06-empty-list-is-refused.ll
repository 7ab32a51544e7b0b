#! args: check
abi 7
let ports = []
#> point-06-empty-list-is-refused.ll:3:13: error[E0119]: an empty list; a list has at least one item
#>    3 | let ports = []
#>      |             ^^
#> exit: 1
