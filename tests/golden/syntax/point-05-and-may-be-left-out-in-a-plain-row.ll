#! args: --emit=ast -o -
when exec matches /a under unit web user root pass
when (exec matches /a under unit web) or setuid pass
#> rule [2:1-2:51]
#>   when
#>     and
#>       exec "/a"
#>       unit "web"
#>       user "root"
#>   pass
#> rule [3:1-3:53]
#>   when
#>     or
#>       and
#>         exec "/a"
#>         unit "web"
#>       setuid
#>   pass
#> comment [1:1-1:25] "#! args: --emit=ast -o -"
#> exit: 0
