#! args: check
abi 9
ruleset web { allow read beneath /usr }
ruleset contained { allow read beneath / }
when exec matches /usr/bin/web under unit web apply web with nnp
when script matches /usr/bin/tool under unit mail apply web with nnp
when exec matches /** always apply contained with nnp
#> exit: 0
