#! args: check
abi 9
let offered = /usr
let _hidden = /opt
let _used = /srv
param state: path
ruleset base { allow read beneath $_used }
ruleset _old { allow read beneath /usr }
#> unused-names-of-a-library-are-its-private-ones.ll:4:5: warning[W1200]: let `_hidden` is never used
#>    4 | let _hidden = /opt
#>      |     ^^^^^^^
#> unused-names-of-a-library-are-its-private-ones.ll:8:9: warning[W1200]: ruleset `_old` is never used
#>    8 | ruleset _old { allow read beneath /usr }
#>      |         ^^^^
#> exit: 0
