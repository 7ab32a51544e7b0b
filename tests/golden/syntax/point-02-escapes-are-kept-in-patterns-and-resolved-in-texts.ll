#! args: --emit=ast -o -
when exec matches /a\*b, "/c\"d" under unit "x\x2dy" deny "say \"no\""
#> rule [2:1-2:71]
#>   when
#>     and
#>       exec "/a\\*b", "/c\\\"d"
#>       unit "x\\x2dy"
#>   deny "say \"no\""
#> comment [1:1-1:25] "#! args: --emit=ast -o -"
#> exit: 0
