#! args: check
abi 7
when exec matches /a and user root or user admin deny
#> point-05-mixed-and-or-is-refused.ll:3:6: error[E0121]: `and` and `or` side by side; parentheses must say which binds
#>    3 | when exec matches /a and user root or user admin deny
#>      |      ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
#> help: where `and` binds its neighbours: `(exec matches /a and user root) or user admin`
#> help: where `or` binds its neighbours: `exec matches /a and (user root or user admin)`
#> exit: 1
