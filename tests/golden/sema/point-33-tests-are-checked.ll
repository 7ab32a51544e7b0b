#! args: --emit=ir
abi 7
param state: path = /var/lib/app
ruleset web { allow read beneath $state  allow tcp connect 443 }
rule web: when exec matches /usr/bin/web user www-data apply web
test "the web server" {
    given link /bin -> usr/bin
    set state = /srv/app
    exec /usr/bin/web script /srv/a under unit web@1 user www-data group adm
    expect apply web
    expect allow read_file /srv/app/x
    expect deny tcp connect 80 from abi 4
    expect deny scope signal
}
#> abi 7
#> floor 7 leaving none
#> param state: path = /var/lib/app
#> ruleset web abi 7
#>   handled execute, write_file, read_file, read_dir, remove_dir, remove_file, make_char, make_dir, make_reg, make_sock, make_fifo, make_block, make_sym, refer, truncate, ioctl_dev, tcp bind, tcp connect, abstract_unix_socket, signal
#>   left none
#>   allow read_file, read_dir beneath ${state}
#>   allow tcp connect 443
#> rule web
#>   when (exec /usr/bin/web and user www-data)
#>   apply web
#> test "the web server"
#>   given link /bin -> usr/bin
#>   set state = /srv/app
#>   exec /usr/bin/web script /srv/a under unit web@1.service user www-data group adm
#>   expect apply web
#>   expect allow read_file /srv/app/x
#>   expect deny tcp connect 80 from abi 4
#>   expect deny signal
#> exit: 0
