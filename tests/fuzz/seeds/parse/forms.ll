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
