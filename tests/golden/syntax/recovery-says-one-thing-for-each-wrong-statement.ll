#! args: check
abi 7
ruleset web {
    allow read /usr
}
ruleset strict {
    allow read beneath /usr

when exec matches /a aply web
let p = 80,
when user apply web
#> recovery-says-one-thing-for-each-wrong-statement.ll:4:16: error[E0100]: unexpected `/usr`; expected a word, `beneath`, `each`, `file` or `,`
#>    4 |     allow read /usr
#>      |                ^^^^
#> recovery-says-one-thing-for-each-wrong-statement.ll:6:16: error[E0127]: this `{` is never closed
#>    6 | ruleset strict {
#>      |                ^
#> recovery-says-one-thing-for-each-wrong-statement.ll:7:28: note: the statement ends here
#>    7 |     allow read beneath /usr
#>      |                            ^
#> help: expected `}` or a clause (`allow`, `leave`, `isolate`, `quiet`, `log` or `paths`), `except` or `,`
#> recovery-says-one-thing-for-each-wrong-statement.ll:9:22: error[E0100]: unexpected `aply`; expected a condition, an action (`apply`, `deny` or `pass`), `and`, `or`, `unless` or `,`
#>    9 | when exec matches /a aply web
#>      |                      ^^^^
#> help: did you mean: `apply`
#> recovery-says-one-thing-for-each-wrong-statement.ll:10:11: error[E0100]: unexpected `,`; expected a new statement
#>   10 | let p = 80,
#>      |           ^
#> recovery-says-one-thing-for-each-wrong-statement.ll:11:11: error[E0126]: `apply` is a keyword; expected a name or pattern
#>   11 | when user apply web
#>      |           ^^^^^
#> help: quote it to use it as a name: `"apply"`
#> exit: 1
