#! args: check
abi 6
requires abi 5
ruleset r { isolate signal, abstract_unix_socket }
when exec matches /x apply r
#> point-18-refer-and-isolated-scopes-need-no-naming.ll:5:1: warning[W1502]: this rule selects programs by path; a copy of one has another path, and no rule covers it
#>    5 | when exec matches /x apply r
#>      | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^
#> help: hold code that may be hostile by where it runs: `when under unit … always apply …`
#> point-18-refer-and-isolated-scopes-need-no-naming.ll:5:1: warning[W1504]: this rule applies without nnp, and without CAP_SYS_ADMIN such an exec is refused
#>    5 | when exec matches /x apply r
#>      | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^
#> help: write `with nnp`, or select `user root`
#> exit: 0
