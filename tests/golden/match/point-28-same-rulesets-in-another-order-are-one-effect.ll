#! args: check
abi 7
requires abi 7
ruleset r { allow read beneath /usr }
ruleset s { allow read beneath /lib }
when exec matches /a* apply r, s
when exec matches /*b apply s, r
when user root deny "one reason"
when group wheel deny "another reason"
#> point-28-same-rulesets-in-another-order-are-one-effect.ll:6:1: warning[W1502]: this rule selects programs by path; a copy of one has another path, and no rule covers it
#>    6 | when exec matches /a* apply r, s
#>      | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
#> note: so does one more rule
#> help: hold code that may be hostile by where it runs: `when under unit … always apply …`
#> point-28-same-rulesets-in-another-order-are-one-effect.ll:6:1: warning[W1504]: this rule applies without nnp, and without CAP_SYS_ADMIN such an exec is refused
#>    6 | when exec matches /a* apply r, s
#>      | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
#> help: write `with nnp`, or select `user root`
#> point-28-same-rulesets-in-another-order-are-one-effect.ll:7:1: warning[W1504]: this rule applies without nnp, and without CAP_SYS_ADMIN such an exec is refused
#>    7 | when exec matches /*b apply s, r
#>      | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
#> help: write `with nnp`, or select `user root`
#> exit: 0
