#! args: check
abi 7
requires abi 7
ruleset r { allow read beneath /usr }
ruleset s { allow read beneath /lib }
when exec matches /a* apply r
when user u audit apply s
#> point-32-audit-rules-are-left-out-of-the-enforced-view.ll:7:1: error[E0600]: this rule and an earlier one match an exec that no rule decides
#>    7 | when user u audit apply s
#>      | ^^^^^^^^^^^^^^^^^^^^^^^^^
#> point-32-audit-rules-are-left-out-of-the-enforced-view.ll:7:1: note: apply s
#>    7 | when user u audit apply s
#>      | ^^^^^^^^^^^^^^^^^^^^^^^^^
#> point-32-audit-rules-are-left-out-of-the-enforced-view.ll:6:1: note: apply r
#>    6 | when exec matches /a* apply r
#>      | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
#> note: an exec that both match, as a test:
#>     test "which rule decides?" {
#>         exec /a user u
#>         expect apply s # or: apply r
#>     }
#> help: narrow one of them with `unless`, or name both and write `prefer ONE over OTHER`
#> exit: 1
