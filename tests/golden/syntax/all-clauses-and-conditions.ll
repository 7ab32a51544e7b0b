#! args: --emit=ast -o -
abi 7
let p = [80, $q, 1..2, [/a, "b c"], word.x, ${ns.v}]
param s: ports = env NAME
import "./x y" as z
use rules a, b
prefer a.b over c
ruleset "when" extends a.b { allow read beneath /a{b,c{d,}}[!d-f]\ \* except /x, "$v/y"; quiet tcp connect 5 quiet scope signal log new_exec on
  isolate signal paths in target leave tcp, ioctl_dev unrestricted allow read each /dev/* allow read file optional ${a.b}/c }
rule r: when not (exec matches /u* or under user unit "x@*\x2d") unless setuid and in container always audit deny "w\"y" # c
when parent exec matches /a ancestor exec matches /b under cgroup /c under slice d real user 0 group optional e exec unlinked apply ruleset a, b with nnp
test "t" { given link /b -> ../u/b set ns.s = 1 exec /a script /b parent exec /c ancestor exec /d, /e under unit u@1.service user b group c, d setuid unlinked
  expect deny scope signal from abi 6 expect allow read, write /x expect refuse "y" expect pass expect apply a, b }
#> abi 7 [2:1-2:6]
#> let "p" = [80, ${q}, 1..2, ["/a", "b c"], "word.x", ${ns.v}] [3:1-3:53]
#> param "s": ports = env "NAME" [4:1-4:26]
#> import "./x y" as "z" [5:1-5:20]
#> use-rules "a", "b" [6:1-6:15]
#> prefer "a"."b" over "c" [7:1-7:18]
#> ruleset "when" [8:1-9:126]
#>   extends "a"."b"
#>   allow "read" beneath "/a{b,c{d,}}[!d-f]\\ \\*" except "/x", ${v} "/y"
#>   quiet "tcp" "connect" ports 5
#>   quiet scope "signal"
#>   log "new_exec" on
#>   isolate "signal"
#>   paths in target
#>   leave "tcp", "ioctl_dev"
#>   allow "read" each "/dev/*"
#>   allow "read" file optional ${a.b} "/c"
#> rule "r" [10:1-10:121]
#>   when
#>     not
#>       or
#>         exec "/u*"
#>         user-unit "x@*\\x2d"
#>   unless
#>     and
#>       setuid
#>       in-container
#>   always audit deny "w\"y"
#> rule [11:1-11:154]
#>   when
#>     and
#>       parent-exec "/a"
#>       ancestor-exec "/b"
#>       cgroup "/c"
#>       slice "d"
#>       real-user "0"
#>       group optional "e"
#>       exec-unlinked
#>   apply "a", "b" with nnp
#> test "t" [12:1-13:116]
#>   given link "/b" -> "../u/b"
#>   set "ns"."s" = 1
#>   exec
#>     exec "/a"
#>     script "/b"
#>     parent-exec "/c"
#>     ancestor-exec "/d", "/e"
#>     unit "u@1.service"
#>     user "b"
#>     group "c", "d"
#>     setuid
#>     exec-unlinked
#>   expect deny scope "signal" from abi 6
#>   expect allow "read", "write" on "/x"
#>   expect refuse "y"
#>   expect pass
#>   expect apply "a", "b"
#> comment [1:1-1:25] "#! args: --emit=ast -o -"
#> comment [10:122-10:125] "# c"
#> exit: 0
