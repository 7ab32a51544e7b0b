#! args: --emit=ast -o -
when exec matches "/a" apply ruleset web
when exec matches /a apply web
let x = $v
let y = ${v}
#> rule [2:1-2:41]
#>   when
#>     exec "/a"
#>   apply "web"
#> rule [3:1-3:31]
#>   when
#>     exec "/a"
#>   apply "web"
#> let "x" = ${v} [4:1-4:11]
#> let "y" = ${v} [5:1-5:13]
#> comment [1:1-1:25] "#! args: --emit=ast -o -"
#> exit: 0
