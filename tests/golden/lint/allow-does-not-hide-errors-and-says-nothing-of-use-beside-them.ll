#! args: check
abi 9
# llc: allow W1303 because the error below hides the lint
ruleset web { allow exceute beneath / }
#> allow-does-not-hide-errors-and-says-nothing-of-use-beside-them.ll:4:21: error[E0300]: unknown right `exceute`
#>    4 | ruleset web { allow exceute beneath / }
#>      |                     ^^^^^^^
#> help: did you mean `execute`?
#> exit: 1
