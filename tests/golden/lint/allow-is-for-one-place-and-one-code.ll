#! args: check
abi 9
# llc: allow W1302 because the other clause only
when under unit web always apply web with nnp
ruleset web {
    # llc: allow W1302 because this clause
    allow execute beneath /tmp
    allow execute beneath /dev/shm
}
#> allow-is-for-one-place-and-one-code.ll:3:14: warning[W1100]: there is no W1302 here to allow
#>    3 | # llc: allow W1302 because the other clause only
#>      |              ^^^^^
#> help: remove it
#> allow-is-for-one-place-and-one-code.ll:8:27: warning[W1302]: ruleset `web` allows execute in `/dev/shm`, which everyone can write
#>    8 |     allow execute beneath /dev/shm
#>      |                           ^^^^^^^^
#> help: whoever can write there chooses what runs
#> exit: 0
