#! args: check
abi 7
when exec matches /a unless user root unless setuid deny
#> point-05-second-unless-is-refused.ll:3:39: error[E0123]: a second `unless`; it stands once, last
#>    3 | when exec matches /a unless user root unless setuid deny
#>      |                                       ^^^^^^
#> help: `unless` negates all that follows it: join the exceptions with `or` behind one `unless`
#> exit: 1
