#! args: check
abi 9
ruleset web { allow read beneath /usr }
when under unit web always apply web
when under unit root-only user root, 0 always apply web
when under unit mixed user root, mail always apply web
when under unit strict always apply web with nnp
when under unit denied always deny
#> apply-without-nnp.ll:4:1: warning[W1504]: this rule applies without nnp, and without CAP_SYS_ADMIN such an exec is refused
#>    4 | when under unit web always apply web
#>      | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
#> help: write `with nnp`, or select `user root`
#> apply-without-nnp.ll:6:1: warning[W1504]: this rule applies without nnp, and without CAP_SYS_ADMIN such an exec is refused
#>    6 | when under unit mixed user root, mail always apply web
#>      | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
#> help: write `with nnp`, or select `user root`
#> exit: 0
