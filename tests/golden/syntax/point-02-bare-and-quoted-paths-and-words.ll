#! args: --emit=ast -o -
abi 7
when exec matches /usr/{bin,sbin}/[a-z,;]* and under unit "web@*.service", cron pass
when exec matches "/srv/with blank/{a, b}", /srv/with\ blank apply "web"
let where = $a/b-${ns.v}c
#> abi 7 [2:1-2:6]
#> rule [3:1-3:85]
#>   when
#>     and
#>       exec "/usr/{bin,sbin}/[a-z,;]*"
#>       unit "web@*.service", "cron"
#>   pass
#> rule [4:1-4:73]
#>   when
#>     exec "/srv/with blank/{a, b}", "/srv/with\\ blank"
#>   apply "web"
#> let "where" = ${a} "/b-" ${ns.v} "c" [5:1-5:26]
#> comment [1:1-1:25] "#! args: --emit=ast -o -"
#> exit: 0
