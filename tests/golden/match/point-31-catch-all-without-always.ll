#! args: check
abi 7
requires abi 7
ruleset r { allow read beneath /usr }
ruleset s { allow read beneath /lib }
when under unit web apply r with nnp
when exec matches /usr/bin/id under unit web pass
#> point-31-catch-all-without-always.ll:5:9: warning[W1200]: ruleset `s` is never used
#>    5 | ruleset s { allow read beneath /lib }
#>      |         ^
#> point-31-catch-all-without-always.ll:6:1: warning[W1601]: this rule holds a whole unit or cgroup, and a more specific rule undoes it for some of its execs
#>    6 | when under unit web apply r with nnp
#>      | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
#> point-31-catch-all-without-always.ll:7:1: note: this rule decides instead: pass
#>    7 | when exec matches /usr/bin/id under unit web pass
#>      | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
#> help: write `always` before the action to hold it for all execs
#> exit: 0
