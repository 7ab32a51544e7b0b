#! args: check
abi 10
ruleset r { allow tcp connect 443  leave udp unrestricted }
when exec matches /x apply r
#> point-19-tcp-restricted-and-udp-not.ll:3:9: warning[W1301]: ruleset `r` restricts tcp and leaves udp open
#>    3 | ruleset r { allow tcp connect 443  leave udp unrestricted }
#>      |         ^
#> exit: 0
