#! args: --emit=ast -o -
abi 7 let a = 1; let b = word when setuid pass when user root deny; prefer x over y
#> abi 7 [2:1-2:6]
#> let "a" = 1 [2:7-2:16]
#> let "b" = "word" [2:18-2:30]
#> rule [2:31-2:47]
#>   when
#>     setuid
#>   pass
#> rule [2:48-2:67]
#>   when
#>     user "root"
#>   deny
#> prefer "x" over "y" [2:69-2:84]
#> comment [1:1-1:25] "#! args: --emit=ast -o -"
#> exit: 0
