#! args: check
abi 7
requires abi 7
import lib/newer
when exec matches /x apply newer
#> lib/newer.ll:2:14: error[E0404]: lib/newer.ll requires ABI 8, above this policy's floor, ABI 7
#>    2 | requires abi 8 leaving resolve_unix unrestricted
#>      |              ^
#> point-10-only-the-root-sets-the-floor.ll:3:1: note: the floor is set here
#>    3 | requires abi 7
#>      | ^^^^^^^^^^^^^^
#> help: only the root file sets the floor: raise it there to 8
#> exit: 1
