#! args: check
abi 7
import lib/rules as shared
import lib/base
use rules base
rule mine: when exec matches /tmp/build/** pass
prefer mine over shared.tmp
prefer mine over shared._home
prefer mine over shared.tpm
#> point-08-rules-that-are-not-used-cannot-be-preferred-over.ll:5:11: error[E0219]: `base` has no rules to use
#>    5 | use rules base
#>      |           ^^^^
#> point-08-rules-that-are-not-used-cannot-be-preferred-over.ll:7:18: error[E0220]: rule `shared.tmp` is not part of this policy: its file's rules are not used
#>    7 | prefer mine over shared.tmp
#>      |                  ^^^^^^^^^^
#> help: `use rules shared` takes the rules of that file
#> point-08-rules-that-are-not-used-cannot-be-preferred-over.ll:8:18: error[E0207]: rule `_home` is private to lib/rules.ll: its name starts with `_`
#>    8 | prefer mine over shared._home
#>      |                  ^^^^^^^^^^^^
#> point-08-rules-that-are-not-used-cannot-be-preferred-over.ll:9:18: error[E0200]: unknown rule `shared.tpm`
#>    9 | prefer mine over shared.tpm
#>      |                  ^^^^^^^^^^
#> help: did you mean `shared.tmp`?
#> exit: 1
