#! args: check
abi 7
ruleset test { allow read beneath /usr }
#> point-04-keyword-as-a-name-is-refused.ll:3:9: error[E0100]: unexpected `test`; expected something else, something else, something else or something else
#>    3 | ruleset test { allow read beneath /usr }
#>      |         ^^^^
#> exit: 1
