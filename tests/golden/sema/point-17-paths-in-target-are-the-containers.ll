#! args: check
abi 7
ruleset inside { allow read beneath /usr  paths in target }
when in container apply inside
#> point-17-paths-in-target-are-the-containers.ll:4:1: warning[W1504]: this rule applies without nnp, and without CAP_SYS_ADMIN such an exec is refused
#>    4 | when in container apply inside
#>      | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
#> help: write `with nnp`, or select `user root`
#> exit: 0
