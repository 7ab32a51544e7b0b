#! args: check --abi 7
abi 7
requires abi 4 leaving ioctl_dev, scope unrestricted
ruleset r { }
when exec matches /x apply r
#> point-19-a-target-that-restricts-all.ll:5:1: warning[W1502]: this rule selects programs by path; a copy of one has another path, and no rule covers it
#>    5 | when exec matches /x apply r
#>      | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^
#> help: hold code that may be hostile by where it runs: `when under unit … always apply …`
#> point-19-a-target-that-restricts-all.ll:5:1: warning[W1504]: this rule applies without nnp, and without CAP_SYS_ADMIN such an exec is refused
#>    5 | when exec matches /x apply r
#>      | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^
#> help: write `with nnp`, or select `user root`
#> exit: 0
