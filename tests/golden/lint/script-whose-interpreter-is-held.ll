#! args: check
abi 9
ruleset web { allow read beneath /usr }
# llc: allow W1502 because only scripts are looked at here
rule app: when script matches /srv/app/**.py apply web with nnp
when exec matches /usr/bin/python3* apply web with nnp
prefer app over python
rule python: when exec matches /usr/bin/python3.11 apply web with nnp
#> exit: 0
