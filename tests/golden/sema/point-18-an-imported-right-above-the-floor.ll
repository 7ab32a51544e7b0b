#! args: check
abi 7
import lib/vocabulary9 as newer
when exec matches /x apply newer.sockets
#> point-18-an-imported-right-above-the-floor.ll:2:1: error[E0405]: kernels of ABI 7 do not restrict resolve_unix; what the floor gives up must be named
#>    2 | abi 7
#>      | ^^^^^
#> lib/vocabulary9.ll:2:9: note: `newer.sockets` restricts resolve_unix
#>    2 | ruleset sockets { allow resolve_unix beneath /run }
#>      |         ^^^^^^^
#> note: resolve_unix is known since ABI 9 (Linux 7.1)
#> help: name what older kernels leave open: ` requires abi 7 leaving resolve_unix unrestricted`
#> exit: 1
