#! args: check
abi 7
requires abi 7
ruleset r { allow read beneath /usr }
ruleset s { allow read beneath /lib }
rule a: when exec matches /a apply r
rule b: when user u apply s
prefer a over b
prefer b over a
#> point-29-prefer-in-a-circle.ll:9:1: error[E0604]: rules are preferred over each other in a circle: `a` over `b` over `a`
#>    9 | prefer b over a
#>      | ^^^^^^^^^^^^^^^
#> exit: 1
