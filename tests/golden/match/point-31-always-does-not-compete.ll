#! args: check
abi 7
requires abi 7
ruleset r { allow read beneath /usr }
ruleset s { allow read beneath /lib }
when under unit web always apply r with nnp
when exec matches /usr/bin/id under unit web pass
when user root always deny
#> point-31-always-does-not-compete.ll:5:9: warning[W1200]: ruleset `s` is never used
#>    5 | ruleset s { allow read beneath /lib }
#>      |         ^
#> exit: 0
