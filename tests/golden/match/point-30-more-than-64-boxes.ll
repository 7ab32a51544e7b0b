#! args: check
abi 7
requires abi 7
ruleset r { allow read beneath /usr }
ruleset s { allow read beneath /lib }
when (exec matches /a or user u1) and (group g1 or parent exec matches /p1) and (group g2 or script matches /s1) and (group g3 or setuid)
    and (group g4 or under unit w) and (group g5 or real user u2) and (group g6 or exec unlinked)
    and (group g7 or user u3) deny
#> point-30-more-than-64-boxes.ll:6:1: error[E0602]: this rule has more than 64 combinations of alternatives
#>    6 | when (exec matches /a or user u1) and (group g1 or parent exec matches /p1) and (group g2 or script matches /s1) and (group g3 or setuid)
#>      | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
#> help: write it as several rules, or take alternatives apart by exec
#> exit: 1
