#! args: check
abi 7
requires abi 7
ruleset r { allow read beneath /usr }
ruleset s { allow read beneath /lib }
rule py: when exec matches /usr/bin/python3* apply r with nnp
rule web: when under unit web and user www-data apply s
#> point-29-conflict-shows-an-exec-as-test.ll:7:1: error[E0600]: rule `web` and rule `py` match an exec that no rule decides
#>    7 | rule web: when under unit web and user www-data apply s
#>      | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
#> point-29-conflict-shows-an-exec-as-test.ll:7:1: note: apply s
#>    7 | rule web: when under unit web and user www-data apply s
#>      | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
#> point-29-conflict-shows-an-exec-as-test.ll:6:1: note: apply r with nnp
#>    6 | rule py: when exec matches /usr/bin/python3* apply r with nnp
#>      | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
#> note: an exec that both match, as a test:
#>     test "which rule decides?" {
#>         exec /usr/bin/python3 under cgroup /web.service user www-data
#>         expect apply s # or: apply r with nnp
#>     }
#> help: narrow one of them with `unless`, or write `prefer web over py`
#> exit: 1
