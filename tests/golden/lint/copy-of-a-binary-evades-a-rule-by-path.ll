#! args: check
abi 9
ruleset web { allow read beneath /usr }
when file matches /tmp/**, /dev/shm/** deny "a guarded place, no program"
when exec matches /usr/bin/web under unit web apply web with nnp
when exec matches /usr/bin/id deny
when exec matches /usr/bin/env pass
when exec matches /usr/bin/new audit deny
#> copy-of-a-binary-evades-a-rule-by-path.ll:5:1: warning[W1502]: this rule selects programs by path; a copy of one has another path, and no rule covers it
#>    5 | when exec matches /usr/bin/web under unit web apply web with nnp
#>      | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
#> note: so does one more rule
#> help: hold code that may be hostile by where it runs: `when under unit … always apply …`
#> exit: 0
