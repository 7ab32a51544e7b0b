#! args: check
abi 7
param state: path
param other: path = /srv/*
param root: path = /
param one: port = [80, 81]
let bin = $state/bin
ruleset r {
    allow read beneath /srv$state
    allow read beneath ${state}x
}
when exec matches $bin/run deny
#> point-09-params-stand-neither-in-conditions-nor-inside-paths.ll:4:21: error[E0302]: a glob after the value of a param; in a ruleset globs stand only after `each` and `except`
#>    4 | param other: path = /srv/*
#>      |                     ^^^^^^
#> help: a `\` before the character takes its meaning away
#> point-09-params-stand-neither-in-conditions-nor-inside-paths.ll:5:20: error[E0218]: `/` as the value of a param would open everything; it is given only by hand, when loading
#>    5 | param root: path = /
#>      |                    ^
#> point-09-params-stand-neither-in-conditions-nor-inside-paths.ll:6:19: error[E0212]: found several ports, expected one port
#>    6 | param one: port = [80, 81]
#>      |                   ^^^^^^^^
#> help: a param of several ports has the type `ports`
#> point-09-params-stand-neither-in-conditions-nor-inside-paths.ll:9:24: error[E0216]: a param starts a path; nothing can stand before it
#>    9 |     allow read beneath /srv$state
#>      |                        ^^^^^^^^^^
#> point-09-params-stand-neither-in-conditions-nor-inside-paths.ll:10:24: error[E0216]: a param is a whole path; only `/` can follow it
#>   10 |     allow read beneath ${state}x
#>      |                        ^^^^^^^^^
#> point-09-params-stand-neither-in-conditions-nor-inside-paths.ll:12:19: error[E0215]: param `state` in a condition; params are known when a policy loads and stand only in paths and ports of rulesets
#>   12 | when exec matches $bin/run deny
#>      |                   ^^^^^^^^
#> exit: 1
