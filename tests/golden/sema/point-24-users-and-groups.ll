#! args: --emit=ir
abi 7
when user 0, optional backup and real user 1000 and group adm and setuid deny
#> abi 7
#> floor 7 leaving none
#> rule (unnamed)
#>   when (user 0, optional backup and real user 1000 and group adm and setuid)
#>   deny
#> exit: 0
