#! args: check
abi 7
import lib/base
ruleset r extends base.open_net {
    allow read beneath /srv
}
#> point-16-a-parents-leave-is-repeated.ll:4:9: error[E0311]: `base.open_net` leaves tcp unrestricted and `r` does not; what a parent leaves must be left by name
#>    4 | ruleset r extends base.open_net {
#>      |         ^
#> help: leave it here too: `leave tcp unrestricted `
#> exit: 1
