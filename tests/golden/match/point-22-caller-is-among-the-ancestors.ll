#! args: check
abi 7
requires abi 7
ruleset r { allow read beneath /usr }
ruleset s { allow read beneath /lib }
when parent exec matches /bin/sh and not ancestor exec matches /bin/* apply r
#> point-22-caller-is-among-the-ancestors.ll:6:6: error[E0601]: this rule can match no exec: its conditions exclude each other
#>    6 | when parent exec matches /bin/sh and not ancestor exec matches /bin/* apply r
#>      |      ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
#> exit: 1
