#! args: check
abi 7
when user "www*" deny
when group 4294967295 deny
when user "a b" deny
#> point-24-what-is-no-user.ll:3:11: error[E0504]: `www*` is a pattern; users and groups are named one by one
#>    3 | when user "www*" deny
#>      |           ^^^^^^
#> point-24-what-is-no-user.ll:4:12: error[E0504]: `4294967295` is above 4294967294
#>    4 | when group 4294967295 deny
#>      |            ^^^^^^^^^^
#> point-24-what-is-no-user.ll:5:11: error[E0504]: `a b` is neither a name nor a number
#>    5 | when user "a b" deny
#>      |           ^^^^^
#> exit: 1
