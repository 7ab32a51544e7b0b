#! args: check
abi 9
ruleset web {
    allow read, execute, ioctl_dev beneath / except /tmp, /var/tmp, /dev/shm, /dev/mqueue, /run/lock
    allow write beneath /srv
}
ruleset wide { allow truncate, make_reg beneath / }
when under unit web always apply web with nnp
when under unit wide always apply wide with nnp
#> write-beneath-the-root.ll:4:44: warning[W1300]: `/` and the directories between it and the exceptions cannot keep read_dir: directories that are split for an exception have no rights of their own
#>    4 |     allow read, execute, ioctl_dev beneath / except /tmp, /var/tmp, /dev/shm, /dev/mqueue, /run/lock
#>      |                                            ^
#> write-beneath-the-root.ll:4:53: note: split for this exception
#>    4 |     allow read, execute, ioctl_dev beneath / except /tmp, /var/tmp, /dev/shm, /dev/mqueue, /run/lock
#>      |                                                     ^^^^
#> note: what is created there after loading has no rights either
#> write-beneath-the-root.ll:7:49: warning[W1303]: ruleset `wide` allows make_reg, truncate beneath `/`
#>    7 | ruleset wide { allow truncate, make_reg beneath / }
#>      |                                                 ^
#> help: name the directories that are written to
#> exit: 0
