#! args: check
abi 7
requires abi 7
ruleset r { allow read beneath /usr }
ruleset s { allow read beneath /lib }
when exec matches /a* apply r, s
when exec matches /*b apply s, r
when user root deny "one reason"
when group wheel deny "another reason"
#> exit: 0
