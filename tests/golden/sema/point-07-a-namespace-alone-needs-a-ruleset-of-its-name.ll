#! args: check
abi 7
import lib/rules as shared
ruleset r extends shared { }
#> point-07-a-namespace-alone-needs-a-ruleset-of-its-name.ll:4:19: error[E0208]: namespace `shared` is no ruleset; alone it means a ruleset `rules` of that file, which has none
#>    4 | ruleset r extends shared { }
#>      |                   ^^^^^^
#> exit: 1
