#! args: check
abi 7
requires abi 7
ruleset r { allow read beneath /usr }
ruleset s { allow read beneath /lib }
when user root apply r
when user www-data, optional nginx apply s
#> point-24-users-are-told-apart-by-name.ll:7:1: warning[W1504]: this rule applies without nnp, and without CAP_SYS_ADMIN such an exec is refused
#>    7 | when user www-data, optional nginx apply s
#>      | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
#> help: write `with nnp`, or select `user root`
#> exit: 0
