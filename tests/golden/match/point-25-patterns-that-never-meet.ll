#! args: check
abi 7
requires abi 7
ruleset r { allow read beneath /usr }
ruleset s { allow read beneath /lib }
when exec matches /a*/b apply r
when exec matches /*c/?? apply s
#> exit: 0
