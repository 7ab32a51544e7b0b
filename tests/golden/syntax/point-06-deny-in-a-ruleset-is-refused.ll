#! args: check
abi 7
ruleset web {
    allow read beneath /etc
    deny read file /etc/shadow
}
#> point-06-deny-in-a-ruleset-is-refused.ll:5:5: error[E0100]: unexpected `deny`; expected `except`, `isolate`, `leave`, `log`, `paths`, `quiet`, `}` or `,`
#>    5 |     deny read file /etc/shadow
#>      |     ^^^^
#> exit: 1
