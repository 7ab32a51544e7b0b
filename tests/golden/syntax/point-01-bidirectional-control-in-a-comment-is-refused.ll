#! args: check
abi 7
# ‮txet
#> point-01-bidirectional-control-in-a-comment-is-refused.ll:3:3: error[E0102]: bidirectional control character U+202E cannot stand in a policy
#>    3 | # \u{202E}txet
#>      |   ^^^^^^^^
#> exit: 1
