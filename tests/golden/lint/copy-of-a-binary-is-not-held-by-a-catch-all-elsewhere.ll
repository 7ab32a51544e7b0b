#! args: check
abi 9
ruleset web { allow read beneath /usr }
ruleset contained { allow read, execute beneath / }
when exec matches /usr/bin/web under unit web apply web with nnp
when under unit mail always apply contained with nnp
#> copy-of-a-binary-is-not-held-by-a-catch-all-elsewhere.ll:4:49: warning[W1302]: ruleset `contained` allows execute in `/tmp`, which everyone can write
#>    4 | ruleset contained { allow read, execute beneath / }
#>      |                                                 ^
#> help: whoever can write there chooses what runs
#> copy-of-a-binary-is-not-held-by-a-catch-all-elsewhere.ll:5:1: warning[W1502]: this rule selects programs by path; a copy of one has another path, and no rule covers it
#>    5 | when exec matches /usr/bin/web under unit web apply web with nnp
#>      | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
#> help: hold code that may be hostile by where it runs: `when under unit … always apply …`
#> exit: 0
