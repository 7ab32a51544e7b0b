#! args: check
abi 10
ruleset r { allow tcp connect 443  leave udp unrestricted }
when exec matches /x apply r
#> point-19-tcp-restricted-and-udp-not.ll:3:9: warning[W1301]: ruleset `r` restricts tcp and leaves udp open
#>    3 | ruleset r { allow tcp connect 443  leave udp unrestricted }
#>      |         ^
#> point-19-tcp-restricted-and-udp-not.ll:4:1: warning[W1502]: this rule selects programs by path; a copy of one has another path, and no rule covers it
#>    4 | when exec matches /x apply r
#>      | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^
#> help: hold code that may be hostile by where it runs: `when under unit … always apply …`
#> point-19-tcp-restricted-and-udp-not.ll:4:1: warning[W1504]: this rule applies without nnp, and without CAP_SYS_ADMIN such an exec is refused
#>    4 | when exec matches /x apply r
#>      | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^
#> help: write `with nnp`, or select `user root`
#> exit: 0
