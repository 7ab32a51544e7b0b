#! args: --emit=ast -o -
ruleset "test" { allow read beneath /usr }
when user "audit", path apply "test"
#> ruleset "test" [2:1-2:43]
#>   allow "read" beneath "/usr"
#> rule [3:1-3:37]
#>   when
#>     user "audit", "path"
#>   apply "test"
#> comment [1:1-1:25] "#! args: --emit=ast -o -"
#> exit: 0
