#! args: check
abi 7
requires abi 7
ruleset r { allow read beneath /usr }
ruleset s { allow read beneath /lib }
when exec matches /usr/** deny
when exec matches /usr/bin/* apply r
when exec matches /usr/bin/id pass
#> point-29-strict-inclusion-beats.ll:5:9: warning[W1200]: ruleset `s` is never used
#>    5 | ruleset s { allow read beneath /lib }
#>      |         ^
#> point-29-strict-inclusion-beats.ll:6:1: warning[W1502]: this rule selects programs by path; a copy of one has another path, and no rule covers it
#>    6 | when exec matches /usr/** deny
#>      | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
#> note: so does one more rule
#> help: hold code that may be hostile by where it runs: `when under unit … always apply …`
#> point-29-strict-inclusion-beats.ll:7:1: warning[W1504]: this rule applies without nnp, and without CAP_SYS_ADMIN such an exec is refused
#>    7 | when exec matches /usr/bin/* apply r
#>      | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
#> help: write `with nnp`, or select `user root`
#> exit: 0
