#! args: check
abi 7
let dirs = [/a, /b]
let joined = $dirs/c
let mixed = [/a, 80]
let loop = $pool/x
let pool = $loop/y
let port = 70000
let range = 90..80
ruleset r { allow tcp connect $dirs }
#> point-09-lists-are-not-joined-and-kinds-do-not-mix.ll:4:14: error[E0211]: `dirs` is a list; only a single value can be joined with a path
#>    4 | let joined = $dirs/c
#>      |              ^^^^^
#> point-09-lists-are-not-joined-and-kinds-do-not-mix.ll:5:18: error[E0212]: found ports, expected a path or pattern, as before it
#>    5 | let mixed = [/a, 80]
#>      |                  ^^
#> point-09-lists-are-not-joined-and-kinds-do-not-mix.ll:7:12: error[E0210]: variables go in a circle: `loop` uses `pool` uses `loop`
#>    7 | let pool = $loop/y
#>      |            ^^^^^
#> point-09-lists-are-not-joined-and-kinds-do-not-mix.ll:8:12: error[E0213]: port 70000 is above 65535
#>    8 | let port = 70000
#>      |            ^^^^^
#> point-09-lists-are-not-joined-and-kinds-do-not-mix.ll:9:13: error[E0214]: this range of ports ends before it begins
#>    9 | let range = 90..80
#>      |             ^^^^^^
#> help: swap the ends: `80..90`
#> point-09-lists-are-not-joined-and-kinds-do-not-mix.ll:10:31: error[E0212]: found a path or pattern, expected ports
#>   10 | ruleset r { allow tcp connect $dirs }
#>      |                               ^^^^^
#> exit: 1
