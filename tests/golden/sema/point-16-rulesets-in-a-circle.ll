#! args: check
abi 7
ruleset a extends b { }
ruleset b extends c { }
ruleset c extends a { }
ruleset d extends d { }
#> point-16-rulesets-in-a-circle.ll:5:19: error[E0312]: rulesets extend each other in a circle: `a` extends `b` extends `c` extends `a`
#>    5 | ruleset c extends a { }
#>      |                   ^
#> point-16-rulesets-in-a-circle.ll:6:19: error[E0312]: rulesets extend each other in a circle: `d` extends `d`
#>    6 | ruleset d extends d { }
#>      |                   ^
#> exit: 1
