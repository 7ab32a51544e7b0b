#! args: check
abi 9
ruleset web { allow read beneath /usr }
ruleset contained { allow read, execute beneath / }
when exec matches /usr/bin/web under unit web user www-data apply web with nnp
when under unit web, mail always apply contained with nnp
#> copy-of-a-binary-is-held-by-a-catch-all.ll:4:49: warning[W1302]: ruleset `contained` allows execute in `/tmp`, which everyone can write
#>    4 | ruleset contained { allow read, execute beneath / }
#>      |                                                 ^
#> help: whoever can write there chooses what runs
#> exit: 0
