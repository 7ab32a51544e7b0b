#! args: check
abi 7
requires abi 7
ruleset r { allow read beneath /usr }
ruleset s { allow read beneath /lib }
rule whole: when under unit "a*" apply r
rule above: when under slice "a" apply s
#> point-23-unit-is-no-slice.ll:7:1: error[E0600]: rule `above` and rule `whole` match an exec that no rule decides
#>    7 | rule above: when under slice "a" apply s
#>      | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
#> point-23-unit-is-no-slice.ll:7:1: note: apply s
#>    7 | rule above: when under slice "a" apply s
#>      | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
#> point-23-unit-is-no-slice.ll:6:1: note: apply r
#>    6 | rule whole: when under unit "a*" apply r
#>      | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
#> note: an exec that both match, as a test:
#>     test "which rule decides?" {
#>         exec /x under cgroup /a.slice/a.service
#>         expect apply s # or: apply r
#>     }
#> help: narrow one of them with `unless`, or write `prefer above over whole`
#> exit: 1
