#! args: check
abi 7
requires abi 7
ruleset r { allow read beneath /usr }
ruleset s { allow read beneath /lib }
rule a: when exec matches /usr/**/x apply r
rule b: when script matches /srv/*.py apply s
#> point-20-witness-is-a-path-of-the-universe.ll:6:27: warning[W1501]: `/usr/**/x` does not match `/usr/x`
#>    6 | rule a: when exec matches /usr/**/x apply r
#>      |                           ^^^^^^^^^
#> help: `/{,**/}` matches both
#> point-20-witness-is-a-path-of-the-universe.ll:7:1: error[E0600]: rule `b` and rule `a` match an exec that no rule decides
#>    7 | rule b: when script matches /srv/*.py apply s
#>      | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
#> point-20-witness-is-a-path-of-the-universe.ll:7:1: note: apply s
#>    7 | rule b: when script matches /srv/*.py apply s
#>      | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
#> point-20-witness-is-a-path-of-the-universe.ll:6:1: note: apply r
#>    6 | rule a: when exec matches /usr/**/x apply r
#>      | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
#> note: an exec that both match, as a test:
#>     test "which rule decides?" {
#>         exec /usr/x/x script /srv/.py
#>         expect apply s # or: apply r
#>     }
#> help: narrow one of them with `unless`, or write `prefer b over a`
#> exit: 1
