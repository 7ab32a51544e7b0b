#! args: check
abi 7
ruleset test { allow read beneath /usr }
#> point-04-keyword-as-a-name-is-refused.ll:3:9: error[E0126]: `test` is a keyword; expected a name
#>    3 | ruleset test { allow read beneath /usr }
#>      |         ^^^^
#> help: quote it to use it as a name: `"test"`
#> exit: 1
