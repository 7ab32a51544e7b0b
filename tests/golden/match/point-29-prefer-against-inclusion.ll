#! args: check
abi 7
requires abi 7
ruleset r { allow read beneath /usr }
ruleset s { allow read beneath /lib }
rule all: when exec matches /usr/bin/* apply r
rule one: when exec matches /usr/bin/id pass
prefer all over one
#> point-29-prefer-against-inclusion.ll:8:1: error[E0603]: `prefer` against inclusion: rule `one` is the more specific one, inside rule `all`, and beats it
#>    8 | prefer all over one
#>      | ^^^^^^^^^^^^^^^^^^^
#> point-29-prefer-against-inclusion.ll:7:1: note: matches only execs that the other matches too
#>    7 | rule one: when exec matches /usr/bin/id pass
#>      | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
#> point-29-prefer-against-inclusion.ll:6:1: note: matches more
#>    6 | rule all: when exec matches /usr/bin/* apply r
#>      | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
#> help: narrow the preferred rule, or add `unless` to the other
#> exit: 1
