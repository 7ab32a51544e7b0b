#! args: check
abi 7
requires abi 7
ruleset r1 { allow read beneath /usr }
ruleset r2 { allow read beneath /usr }
ruleset r3 { allow read beneath /usr }
ruleset r4 { allow read beneath /usr }
ruleset r5 { allow read beneath /usr }
ruleset r6 { allow read beneath /usr }
ruleset r7 { allow read beneath /usr }
ruleset r8 { allow read beneath /usr }
ruleset r9 { allow read beneath /usr }
ruleset r10 { allow read beneath /usr }
ruleset r11 { allow read beneath /usr }
ruleset r12 { allow read beneath /usr }
ruleset r13 { allow read beneath /usr }
ruleset r14 { allow read beneath /usr }
ruleset r15 { allow read beneath /usr }
ruleset r16 { allow read beneath /usr }
ruleset r17 { allow read beneath /usr }
when exec matches /a always apply r1, r2, r3, r4, r5, r6, r7, r8, r9
when user u always apply r10, r11, r12, r13, r14, r15, r16, r17
#> point-32-more-than-16-layers.ll:21:1: error[E0606]: this rule and `always` rules that match the same exec apply more than 16 rulesets, all that a task can have
#>   21 | when exec matches /a always apply r1, r2, r3, r4, r5, r6, r7, r8, r9
#>      | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
#> point-32-more-than-16-layers.ll:22:1: note: apply r10, r11, r12, r13, r14, r15, r16, r17
#>   22 | when user u always apply r10, r11, r12, r13, r14, r15, r16, r17
#>      | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
#> help: put what belongs together into one ruleset with `extends`
#> exit: 1
