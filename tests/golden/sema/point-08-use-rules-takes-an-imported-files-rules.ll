#! args: --emit=ir
abi 7
import lib/rules as shared
use rules shared
rule mine: when exec matches /tmp/build/** pass
prefer mine over shared.tmp
#> abi 7
#> floor 7 leaving none
#> rule mine
#>   when exec /tmp/build/**
#>   pass
#> rule shared.tmp used
#>   when exec /tmp/**
#>   deny
#> rule shared._home used
#>   when exec /home/**
#>   deny "not from home"
#> prefer mine over shared.tmp
#> prefer shared.tmp over shared._home
#> exit: 0
