#! args: check
abi 9
ruleset web { allow read beneath /usr }
when exec matches /usr/bin/sudo under unit web apply web with nnp
when setuid under unit mail apply web with nnp
when not setuid and under unit other apply web with nnp
when exec matches /usr/bin/passwd under unit db user root apply web
when under unit web, mail, other, db always apply web with nnp
#> nnp-and-programs-that-gain-privileges.ll:4:19: warning[W1503]: this rule applies with nnp to `/usr/bin/sudo`, which works by gaining privileges
#>    4 | when exec matches /usr/bin/sudo under unit web apply web with nnp
#>      |                   ^^^^^^^^^^^^^
#> nnp-and-programs-that-gain-privileges.ll:5:6: warning[W1503]: this rule applies with nnp to a setuid program, which works by gaining privileges
#>    5 | when setuid under unit mail apply web with nnp
#>      |      ^^^^^^
#> exit: 0
