#! args: check --abi 5
abi 7
requires abi 4 leaving ioctl_dev, scope unrestricted
ruleset r { }
when exec matches /x apply r
#> point-19-what-the-target-does-not-restrict.ll:4:9: warning[W1400]: ruleset `r`: scope not restricted (allowed) on ABI 5 (Linux 6.10)
#>    4 | ruleset r { }
#>      |         ^
#> note: abstract_unix_socket is known since ABI 6 (Linux 6.12)
#> note: signal is known since ABI 6 (Linux 6.12)
#> exit: 0
