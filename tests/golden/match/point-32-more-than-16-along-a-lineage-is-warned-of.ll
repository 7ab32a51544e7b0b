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
when exec matches /bin/p1 apply r1
when exec matches /bin/p2 apply r2
when exec matches /bin/p3 apply r3
when exec matches /bin/p4 apply r4
when exec matches /bin/p5 apply r5
when exec matches /bin/p6 apply r6
when exec matches /bin/p7 apply r7
when exec matches /bin/p8 apply r8
when exec matches /bin/p9 apply r9
when exec matches /bin/p10 apply r10
when exec matches /bin/p11 apply r11
when exec matches /bin/p12 apply r12
when exec matches /bin/p13 apply r13
when exec matches /bin/p14 apply r14
when exec matches /bin/p15 apply r15
when exec matches /bin/p16 apply r16
when exec matches /bin/p17 apply r17
#> point-32-more-than-16-along-a-lineage-is-warned-of.ll:21:1: warning[W1502]: this rule selects programs by path; a copy of one has another path, and no rule covers it
#>   21 | when exec matches /bin/p1 apply r1
#>      | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
#> note: so do 16 more rules
#> help: hold code that may be hostile by where it runs: `when under unit … always apply …`
#> point-32-more-than-16-along-a-lineage-is-warned-of.ll:21:1: warning[W1504]: this rule applies without nnp, and without CAP_SYS_ADMIN such an exec is refused
#>   21 | when exec matches /bin/p1 apply r1
#>      | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
#> help: write `with nnp`, or select `user root`
#> point-32-more-than-16-along-a-lineage-is-warned-of.ll:21:1: warning[W1602]: 17 rulesets in this policy; a line of execs that collects more than 16 of them fails
#>   21 | when exec matches /bin/p1 apply r1
#>      | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
#> note: a program that is confined keeps its layers when it executes the next one; at 16 a further ruleset can't be applied and the exec is refused
#> point-32-more-than-16-along-a-lineage-is-warned-of.ll:22:1: warning[W1504]: this rule applies without nnp, and without CAP_SYS_ADMIN such an exec is refused
#>   22 | when exec matches /bin/p2 apply r2
#>      | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
#> help: write `with nnp`, or select `user root`
#> point-32-more-than-16-along-a-lineage-is-warned-of.ll:23:1: warning[W1504]: this rule applies without nnp, and without CAP_SYS_ADMIN such an exec is refused
#>   23 | when exec matches /bin/p3 apply r3
#>      | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
#> help: write `with nnp`, or select `user root`
#> point-32-more-than-16-along-a-lineage-is-warned-of.ll:24:1: warning[W1504]: this rule applies without nnp, and without CAP_SYS_ADMIN such an exec is refused
#>   24 | when exec matches /bin/p4 apply r4
#>      | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
#> help: write `with nnp`, or select `user root`
#> point-32-more-than-16-along-a-lineage-is-warned-of.ll:25:1: warning[W1504]: this rule applies without nnp, and without CAP_SYS_ADMIN such an exec is refused
#>   25 | when exec matches /bin/p5 apply r5
#>      | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
#> help: write `with nnp`, or select `user root`
#> point-32-more-than-16-along-a-lineage-is-warned-of.ll:26:1: warning[W1504]: this rule applies without nnp, and without CAP_SYS_ADMIN such an exec is refused
#>   26 | when exec matches /bin/p6 apply r6
#>      | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
#> help: write `with nnp`, or select `user root`
#> point-32-more-than-16-along-a-lineage-is-warned-of.ll:27:1: warning[W1504]: this rule applies without nnp, and without CAP_SYS_ADMIN such an exec is refused
#>   27 | when exec matches /bin/p7 apply r7
#>      | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
#> help: write `with nnp`, or select `user root`
#> point-32-more-than-16-along-a-lineage-is-warned-of.ll:28:1: warning[W1504]: this rule applies without nnp, and without CAP_SYS_ADMIN such an exec is refused
#>   28 | when exec matches /bin/p8 apply r8
#>      | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
#> help: write `with nnp`, or select `user root`
#> point-32-more-than-16-along-a-lineage-is-warned-of.ll:29:1: warning[W1504]: this rule applies without nnp, and without CAP_SYS_ADMIN such an exec is refused
#>   29 | when exec matches /bin/p9 apply r9
#>      | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
#> help: write `with nnp`, or select `user root`
#> point-32-more-than-16-along-a-lineage-is-warned-of.ll:30:1: warning[W1504]: this rule applies without nnp, and without CAP_SYS_ADMIN such an exec is refused
#>   30 | when exec matches /bin/p10 apply r10
#>      | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
#> help: write `with nnp`, or select `user root`
#> point-32-more-than-16-along-a-lineage-is-warned-of.ll:31:1: warning[W1504]: this rule applies without nnp, and without CAP_SYS_ADMIN such an exec is refused
#>   31 | when exec matches /bin/p11 apply r11
#>      | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
#> help: write `with nnp`, or select `user root`
#> point-32-more-than-16-along-a-lineage-is-warned-of.ll:32:1: warning[W1504]: this rule applies without nnp, and without CAP_SYS_ADMIN such an exec is refused
#>   32 | when exec matches /bin/p12 apply r12
#>      | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
#> help: write `with nnp`, or select `user root`
#> point-32-more-than-16-along-a-lineage-is-warned-of.ll:33:1: warning[W1504]: this rule applies without nnp, and without CAP_SYS_ADMIN such an exec is refused
#>   33 | when exec matches /bin/p13 apply r13
#>      | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
#> help: write `with nnp`, or select `user root`
#> point-32-more-than-16-along-a-lineage-is-warned-of.ll:34:1: warning[W1504]: this rule applies without nnp, and without CAP_SYS_ADMIN such an exec is refused
#>   34 | when exec matches /bin/p14 apply r14
#>      | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
#> help: write `with nnp`, or select `user root`
#> point-32-more-than-16-along-a-lineage-is-warned-of.ll:35:1: warning[W1504]: this rule applies without nnp, and without CAP_SYS_ADMIN such an exec is refused
#>   35 | when exec matches /bin/p15 apply r15
#>      | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
#> help: write `with nnp`, or select `user root`
#> point-32-more-than-16-along-a-lineage-is-warned-of.ll:36:1: warning[W1504]: this rule applies without nnp, and without CAP_SYS_ADMIN such an exec is refused
#>   36 | when exec matches /bin/p16 apply r16
#>      | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
#> help: write `with nnp`, or select `user root`
#> point-32-more-than-16-along-a-lineage-is-warned-of.ll:37:1: warning[W1504]: this rule applies without nnp, and without CAP_SYS_ADMIN such an exec is refused
#>   37 | when exec matches /bin/p17 apply r17
#>      | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
#> help: write `with nnp`, or select `user root`
#> exit: 0
