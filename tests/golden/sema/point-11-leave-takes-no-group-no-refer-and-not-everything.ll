#! args: check
abi 6
ruleset a { leave refer unrestricted }
ruleset b { leave write unrestricted }
ruleset c { leave fs, tcp, scope unrestricted }
ruleset d { leave udp unrestricted }
ruleset e { leave tcp unrestricted  allow tcp connect 443 }
#> point-11-leave-takes-no-group-no-refer-and-not-everything.ll:3:19: error[E0309]: `refer` cannot be left unrestricted: Landlock always denies it unless allowed
#>    3 | ruleset a { leave refer unrestricted }
#>      |                   ^^^^^
#> help: allow it where it may happen: `allow refer beneath …`
#> point-11-leave-takes-no-group-no-refer-and-not-everything.ll:4:19: error[E0315]: `write` is a group; a category or one right is given up
#>    4 | ruleset b { leave write unrestricted }
#>      |                   ^^^^^
#> help: its rights: write_file, truncate
#> point-11-leave-takes-no-group-no-refer-and-not-everything.ll:5:9: error[E0313]: ruleset `c` leaves everything unrestricted; nothing would be enforced
#>    5 | ruleset c { leave fs, tcp, scope unrestricted }
#>      |         ^
#> point-11-leave-takes-no-group-no-refer-and-not-everything.ll:6:19: error[E0402]: `udp` needs Landlock ABI 10 (Linux 7.2); this file speaks of ABI 6
#>    6 | ruleset d { leave udp unrestricted }
#>      |                   ^^^
#> help: `abi 10` makes this file's words mean what they mean there; `requires abi 6 leaving …` keeps it loading on older kernels
#> point-11-leave-takes-no-group-no-refer-and-not-everything.ll:7:43: error[E0310]: `tcp connect` is left unrestricted by this ruleset, so it cannot be allowed
#>    7 | ruleset e { leave tcp unrestricted  allow tcp connect 443 }
#>      |                                           ^^^
#> exit: 1
