#! args: check
#! args: check -Werror
abi 9
# llc: allow W1303
ruleset web { allow write beneath / }
# llc: allow W1303 because of nothing
when under unit web always apply web with nnp
# llc: ignore W1303
# llc: allow
# llc: allow E0301 because errors stay
# llc: allow W9999 because there is no such
# llc: allow W1000 because only --host looks for it
# llc is a name in a comment, not a word to llc
#> allow-that-takes-nothing-back-has-no-reason-or-is-not-understood.ll:4:14: warning[W1101]: W1303 is allowed without a reason
#>    4 | # llc: allow W1303
#>      |              ^^^^^
#> help: say why: `# llc: allow … because REASON`
#> allow-that-takes-nothing-back-has-no-reason-or-is-not-understood.ll:6:14: warning[W1100]: there is no W1303 here to allow
#>    6 | # llc: allow W1303 because of nothing
#>      |              ^^^^^
#> help: remove it
#> allow-that-takes-nothing-back-has-no-reason-or-is-not-understood.ll:8:1: warning[W1102]: a comment for llc that is not understood: `allow` and the code of a warning come next
#>    8 | # llc: ignore W1303
#>      | ^^^^^^^^^^^^^^^^^^^
#> help: write `# llc: allow W1501 because REASON`, several codes with commas
#> allow-that-takes-nothing-back-has-no-reason-or-is-not-understood.ll:9:1: warning[W1102]: a comment for llc that is not understood: the code of a warning is missing
#>    9 | # llc: allow
#>      | ^^^^^^^^^^^^
#> help: write `# llc: allow W1501 because REASON`, several codes with commas
#> allow-that-takes-nothing-back-has-no-reason-or-is-not-understood.ll:10:14: warning[W1102]: a comment for llc that is not understood: `E0301` is the code of no warning
#>   10 | # llc: allow E0301 because errors stay
#>      |              ^^^^^
#> help: write `# llc: allow W1501 because REASON`, several codes with commas
#> allow-that-takes-nothing-back-has-no-reason-or-is-not-understood.ll:11:14: warning[W1102]: a comment for llc that is not understood: `W9999` is the code of no warning
#>   11 | # llc: allow W9999 because there is no such
#>      |              ^^^^^
#> help: write `# llc: allow W1501 because REASON`, several codes with commas
#> exit: 0
#> allow-that-takes-nothing-back-has-no-reason-or-is-not-understood.ll:4:14: error[W1101]: W1303 is allowed without a reason
#>    4 | # llc: allow W1303
#>      |              ^^^^^
#> help: say why: `# llc: allow … because REASON`
#> allow-that-takes-nothing-back-has-no-reason-or-is-not-understood.ll:6:14: error[W1100]: there is no W1303 here to allow
#>    6 | # llc: allow W1303 because of nothing
#>      |              ^^^^^
#> help: remove it
#> allow-that-takes-nothing-back-has-no-reason-or-is-not-understood.ll:8:1: error[W1102]: a comment for llc that is not understood: `allow` and the code of a warning come next
#>    8 | # llc: ignore W1303
#>      | ^^^^^^^^^^^^^^^^^^^
#> help: write `# llc: allow W1501 because REASON`, several codes with commas
#> allow-that-takes-nothing-back-has-no-reason-or-is-not-understood.ll:9:1: error[W1102]: a comment for llc that is not understood: the code of a warning is missing
#>    9 | # llc: allow
#>      | ^^^^^^^^^^^^
#> help: write `# llc: allow W1501 because REASON`, several codes with commas
#> allow-that-takes-nothing-back-has-no-reason-or-is-not-understood.ll:10:14: error[W1102]: a comment for llc that is not understood: `E0301` is the code of no warning
#>   10 | # llc: allow E0301 because errors stay
#>      |              ^^^^^
#> help: write `# llc: allow W1501 because REASON`, several codes with commas
#> allow-that-takes-nothing-back-has-no-reason-or-is-not-understood.ll:11:14: error[W1102]: a comment for llc that is not understood: `W9999` is the code of no warning
#>   11 | # llc: allow W9999 because there is no such
#>      |              ^^^^^
#> help: write `# llc: allow W1501 because REASON`, several codes with commas
#> exit: 1
