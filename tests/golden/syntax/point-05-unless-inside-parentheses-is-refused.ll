#! args: check
abi 7
when (exec matches /a unless user root) or setuid deny
#> point-05-unless-inside-parentheses-is-refused.ll:3:23: error[E0124]: `unless` inside parentheses; it stands once, last, outside of them
#>    3 | when (exec matches /a unless user root) or setuid deny
#>      |                       ^^^^^^
#> help: inside parentheses write `and not`
#> exit: 1
