#! args: check
abi 7
requires abi 7
ruleset r { allow read beneath /usr }
ruleset s { allow read beneath /lib }
when exec matches /a*/b apply r
when exec matches /*c/[!x] apply s
#> point-25-two-patterns-that-meet-in-a-third-path.ll:7:1: error[E0600]: this rule and an earlier one match an exec that no rule decides
#>    7 | when exec matches /*c/[!x] apply s
#>      | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
#> point-25-two-patterns-that-meet-in-a-third-path.ll:7:1: note: apply s
#>    7 | when exec matches /*c/[!x] apply s
#>      | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
#> point-25-two-patterns-that-meet-in-a-third-path.ll:6:1: note: apply r
#>    6 | when exec matches /a*/b apply r
#>      | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
#> note: an exec that both match, as a test:
#>     test "which rule decides?" {
#>         exec /ac/b
#>         expect apply s # or: apply r
#>     }
#> help: narrow one of them with `unless`, or name both and write `prefer ONE over OTHER`
#> exit: 1
