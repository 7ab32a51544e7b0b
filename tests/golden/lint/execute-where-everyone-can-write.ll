#! args: check
abi 9
let places = [/var/tmp/build, /opt]
ruleset general { allow execute beneath /dev }
ruleset web extends general {
    allow execute beneath /usr, /tmp, $places
    allow execute file /dev/shm/tool
    allow execute each /tmp/*
    allow read, write beneath /tmp
    allow execute beneath /tmpfiles
}
ruleset excepting {
    allow execute beneath /var except /var/tmp
    allow execute beneath /dev except /dev/shm
}
when under unit mail always apply excepting with nnp
when under unit web always apply web with nnp
#> execute-where-everyone-can-write.ll:4:41: warning[W1302]: ruleset `general` allows execute in `/dev/shm`, which everyone can write
#>    4 | ruleset general { allow execute beneath /dev }
#>      |                                         ^^^^
#> help: whoever can write there chooses what runs
#> execute-where-everyone-can-write.ll:6:33: warning[W1302]: ruleset `web` allows execute in `/tmp`, which everyone can write
#>    6 |     allow execute beneath /usr, /tmp, $places
#>      |                                 ^^^^
#> help: whoever can write there chooses what runs
#> execute-where-everyone-can-write.ll:6:39: warning[W1302]: ruleset `web` allows execute in `/var/tmp`, which everyone can write
#>    6 |     allow execute beneath /usr, /tmp, $places
#>      |                                       ^^^^^^^
#> help: whoever can write there chooses what runs
#> execute-where-everyone-can-write.ll:7:24: warning[W1302]: ruleset `web` allows execute in `/dev/shm`, which everyone can write
#>    7 |     allow execute file /dev/shm/tool
#>      |                        ^^^^^^^^^^^^^
#> help: whoever can write there chooses what runs
#> execute-where-everyone-can-write.ll:8:24: warning[W1302]: ruleset `web` allows execute in `/tmp`, which everyone can write
#>    8 |     allow execute each /tmp/*
#>      |                        ^^^^^^
#> help: whoever can write there chooses what runs
#> execute-where-everyone-can-write.ll:14:27: warning[W1302]: ruleset `excepting` allows execute in `/dev/mqueue`, which everyone can write
#>   14 |     allow execute beneath /dev except /dev/shm
#>      |                           ^^^^
#> help: whoever can write there chooses what runs
#> exit: 0
