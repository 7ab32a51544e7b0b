#! args: check
abi 7
requires abi 7
ruleset r { allow read beneath /usr }
ruleset s { allow read beneath /lib }
when exec matches /usr//bin/x apply r
#> point-20-pattern-with-two-slashes-matches-no-path.ll:6:19: error[E0303]: path `/usr//bin/x` holds `//`
#>    6 | when exec matches /usr//bin/x apply r
#>      |                   ^^^^^^^^^^^
#> exit: 1
