#! args: check
abi 7
requires abi 7
ruleset r { allow read beneath /usr }
ruleset s { allow read beneath /lib }
when under unit web always apply r with nnp
when exec matches /usr/bin/id under unit web pass
when user root always deny
#> exit: 0
