#! args: --emit=ast -o -
when exec matches /a unless user root or (setuid and in container) pass
#> rule [2:1-2:72]
#>   when
#>     exec "/a"
#>   unless
#>     or
#>       user "root"
#>       and
#>         setuid
#>         in-container
#>   pass
#> comment [1:1-1:25] "#! args: --emit=ast -o -"
#> exit: 0
