#! args: check
abi 7
requires abi 7
ruleset r { allow read beneath /usr }
ruleset s { allow read beneath /lib }
when user root apply r
when user www-data, optional nginx apply s
#> exit: 0
