#! args: check
abi 7
requires abi 7
ruleset r { allow read beneath /usr }
ruleset s { allow read beneath /lib }
rule d: when exec matches /x/* deny
rule p: when exec matches /x/a, /x/b pass
rule a: when exec matches /x/b, /x/c, /y apply r
prefer a over p
#> point-29-beating-is-not-transitive.ll:7:1: error[E0600]: rule `p` and rule `d` match an exec that no rule decides
#>    7 | rule p: when exec matches /x/a, /x/b pass
#>      | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
#> point-29-beating-is-not-transitive.ll:7:1: note: pass
#>    7 | rule p: when exec matches /x/a, /x/b pass
#>      | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
#> point-29-beating-is-not-transitive.ll:6:1: note: deny
#>    6 | rule d: when exec matches /x/* deny
#>      | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
#> note: an exec that both match, as a test:
#>     test "which rule decides?" {
#>         exec /x/b
#>         expect pass # or: refuse
#>     }
#> note: one of them beats the other, but a third rule beats that one and not both
#> help: narrow one of them with `unless`
#> point-29-beating-is-not-transitive.ll:8:1: error[E0600]: rule `a` and rule `d` match an exec that no rule decides
#>    8 | rule a: when exec matches /x/b, /x/c, /y apply r
#>      | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
#> point-29-beating-is-not-transitive.ll:8:1: note: apply r
#>    8 | rule a: when exec matches /x/b, /x/c, /y apply r
#>      | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
#> point-29-beating-is-not-transitive.ll:6:1: note: deny
#>    6 | rule d: when exec matches /x/* deny
#>      | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
#> note: an exec that both match, as a test:
#>     test "which rule decides?" {
#>         exec /x/b
#>         expect apply r # or: refuse
#>     }
#> note: one of them beats the other, but a third rule beats that one and not both
#> help: narrow one of them with `unless`
#> point-29-beating-is-not-transitive.ll:8:1: error[E0600]: rule `a` and rule `p` match an exec that no rule decides
#>    8 | rule a: when exec matches /x/b, /x/c, /y apply r
#>      | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
#> point-29-beating-is-not-transitive.ll:8:1: note: apply r
#>    8 | rule a: when exec matches /x/b, /x/c, /y apply r
#>      | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
#> point-29-beating-is-not-transitive.ll:7:1: note: pass
#>    7 | rule p: when exec matches /x/a, /x/b pass
#>      | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
#> note: an exec that both match, as a test:
#>     test "which rule decides?" {
#>         exec /x/b
#>         expect apply r # or: pass
#>     }
#> note: one of them beats the other, but a third rule beats that one and not both
#> help: narrow one of them with `unless`
#> exit: 1
