#! args: check
abi 7
requires abi 7
ruleset r { allow read beneath /usr }
ruleset s { allow read beneath /lib }
rule a: when file matches /srv/** apply r
rule b: when exec matches /srv/x apply s
rule c: when script matches /srv/x apply s
prefer b over c
#> exit: 0
