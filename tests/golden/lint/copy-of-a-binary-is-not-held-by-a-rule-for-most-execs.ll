#! args: check
abi 9
ruleset web { allow read beneath /usr }
ruleset contained { allow read beneath / }
when exec matches /usr/bin/web under unit web apply web with nnp
when exec matches /*/** always apply contained with nnp
when script matches /** always apply contained with nnp
when exec matches /** under unit mail always apply contained with nnp
when file matches /** under unit mail always apply contained with nnp
#> copy-of-a-binary-is-not-held-by-a-rule-for-most-execs.ll:5:1: warning[W1502]: this rule selects programs by path; a copy of one has another path, and no rule covers it
#>    5 | when exec matches /usr/bin/web under unit web apply web with nnp
#>      | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
#> note: so do 2 more rules
#> help: hold code that may be hostile by where it runs: `when under unit … always apply …`
#> copy-of-a-binary-is-not-held-by-a-rule-for-most-execs.ll:7:1: warning[W1505]: this rule selects by script; a script that is given to its interpreter by name is none
#>    7 | when script matches /** always apply contained with nnp
#>      | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
#> help: `python3 x.py` execs python3: select the interpreter with `exec matches` as well
#> exit: 0
