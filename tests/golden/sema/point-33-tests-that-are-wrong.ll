#! args: check
abi 7
param state: path = /var/lib/app
let fixed = /x
ruleset web { allow read beneath $state }
when exec matches /usr/bin/web user www-data apply web
test "no user" { exec /usr/bin/web  expect none }
test "unknown" { exec /usr/bin/web user root  set fixed = /y  expect apply wbe  expect allow raed /x }
test "pattern" { exec /usr/bin/* user root  set state = 80  expect none from abi 12 }
#> point-33-tests-that-are-wrong.ll:7:18: error[E0505]: this exec names no user, and a rule reads it
#>    7 | test "no user" { exec /usr/bin/web  expect none }
#>      |                  ^^^^^^^^^^^^^^^^^
#> help: add `user NAME` to the exec
#> point-33-tests-that-are-wrong.ll:8:51: error[E0223]: `fixed` is no param; a test sets params only
#>    8 | test "unknown" { exec /usr/bin/web user root  set fixed = /y  expect apply wbe  expect allow raed /x }
#>      |                                                   ^^^^^
#> point-33-tests-that-are-wrong.ll:8:76: error[E0200]: unknown ruleset `wbe`
#>    8 | test "unknown" { exec /usr/bin/web user root  set fixed = /y  expect apply wbe  expect allow raed /x }
#>      |                                                                            ^^^
#> help: did you mean `web`?
#> point-33-tests-that-are-wrong.ll:8:94: error[E0300]: unknown right `raed`
#>    8 | …" { exec /usr/bin/web user root  set fixed = /y  expect apply wbe  expect allow raed /x }
#>      |                                                                                  ^^^^
#> help: did you mean `read`?
#> point-33-tests-that-are-wrong.ll:9:23: error[E0506]: a test describes one exec, so no pattern can stand here
#>    9 | test "pattern" { exec /usr/bin/* user root  set state = 80  expect none from abi 12 }
#>      |                       ^^^^^^^^^^
#> point-33-tests-that-are-wrong.ll:9:57: error[E0212]: found ports, expected one path
#>    9 | test "pattern" { exec /usr/bin/* user root  set state = 80  expect none from abi 12 }
#>      |                                                         ^^
#> point-33-tests-that-are-wrong.ll:9:61: error[E0401]: unknown Landlock ABI 12; this compiler knows 1 to 11
#>    9 | test "pattern" { exec /usr/bin/* user root  set state = 80  expect none from abi 12 }
#>      |                                                             ^^^^^^^^^^^^^^^^^^^^^^^
#> exit: 1
