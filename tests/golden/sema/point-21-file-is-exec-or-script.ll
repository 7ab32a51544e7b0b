#! args: --emit=ir
abi 7
when file matches /tmp/**, /dev/shm/** deny
when exec unlinked deny
#> abi 7
#> floor 7 leaving none
#> rule (unnamed)
#>   when (exec /tmp/**, /dev/shm/** or script /tmp/**, /dev/shm/**)
#>   deny
#> rule (unnamed)
#>   when exec unlinked
#>   deny
#> exit: 0
