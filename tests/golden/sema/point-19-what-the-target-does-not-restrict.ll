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
#> point-19-what-the-target-does-not-restrict.ll:5:1: warning[W1502]: this rule selects programs by path; a copy of one has another path, and no rule covers it
#>    5 | when exec matches /x apply r
#>      | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^
#> help: hold code that may be hostile by where it runs: `when under unit … always apply …`
#> point-19-what-the-target-does-not-restrict.ll:5:1: warning[W1504]: this rule applies without nnp, and without CAP_SYS_ADMIN such an exec is refused
#>    5 | when exec matches /x apply r
#>      | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^
#> help: write `with nnp`, or select `user root`
#> exit: 0
