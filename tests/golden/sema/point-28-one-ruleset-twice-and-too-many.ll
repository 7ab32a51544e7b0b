#! args: check
abi 7
import lib/base
ruleset r { }
when exec matches /x apply base, base.base
when exec matches /y apply rr
prefer a over b
rule a: when exec matches /a pass
prefer a over a
#> point-28-one-ruleset-twice-and-too-many.ll:5:34: error[E0222]: `base.base` is said twice
#>    5 | when exec matches /x apply base, base.base
#>      |                                  ^^^^^^^^^
#> point-28-one-ruleset-twice-and-too-many.ll:6:28: error[E0200]: unknown ruleset `rr`
#>    6 | when exec matches /y apply rr
#>      |                            ^^
#> help: did you mean `r`?
#> point-28-one-ruleset-twice-and-too-many.ll:7:15: error[E0200]: unknown rule `b`
#>    7 | prefer a over b
#>      |               ^
#> point-28-one-ruleset-twice-and-too-many.ll:9:15: error[E0221]: rule `a` is preferred over itself
#>    9 | prefer a over a
#>      |               ^
#> exit: 1
