#! args: check
abi 9
let used = /usr
let unused = /opt
let only_in_a_let = /srv
let second = [$only_in_a_let]
param state: path = /var/lib/x
param never: port = 80
ruleset general { allow read beneath "$used", "${second}" }
ruleset web extends general { allow write beneath $state/x }
ruleset idle { allow read beneath /usr }
when under unit web always apply web with nnp
test t {
    set never = 81
    exec /usr/bin/x under unit web
    expect apply web with nnp
}
#> unused-names.ll:4:5: warning[W1200]: let `unused` is never used
#>    4 | let unused = /opt
#>      |     ^^^^^^
#> unused-names.ll:8:7: warning[W1200]: param `never` is never used
#>    8 | param never: port = 80
#>      |       ^^^^^
#> unused-names.ll:11:9: warning[W1200]: ruleset `idle` is never used
#>   11 | ruleset idle { allow read beneath /usr }
#>      |         ^^^^
#> exit: 0
