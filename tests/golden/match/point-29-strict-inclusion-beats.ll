#! args: check
abi 7
requires abi 7
ruleset r { allow read beneath /usr }
ruleset s { allow read beneath /lib }
when exec matches /usr/** deny
when exec matches /usr/bin/* apply r
when exec matches /usr/bin/id pass
#> exit: 0
