#! args: --emit=ast -o -
import std/base
import ./lib/x.y as xy
let p = [80, 8000..8010]
rule web: when setuid pass
#> import "std/base" [2:1-2:16]
#> import "./lib/x.y" as "xy" [3:1-3:23]
#> let "p" = [80, 8000..8010] [4:1-4:25]
#> rule "web" [5:1-5:27]
#>   when
#>     setuid
#>   pass
#> comment [1:1-1:25] "#! args: --emit=ast -o -"
#> exit: 0
