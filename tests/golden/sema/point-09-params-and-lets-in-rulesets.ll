#! args: --emit=rulesets
abi 7
import lib/base
param state: path = /var/lib/app
param home: path = env HOME
param port: port = 443
param ports: ports = [80, 8000..8010]
let cache = $state/cache
let dirs = [${base.dirs}, /srv, "/opt/My App"]
ruleset r {
    allow read beneath $dirs, $cache, ${home}/x
    allow tcp connect $port, $ports
}
#> param state: path = /var/lib/app
#> param home: path = env HOME
#> param port: port = 443
#> param ports: ports = 80, 8000..8010
#> ruleset r abi 7
#>   handled execute, write_file, read_file, read_dir, remove_dir, remove_file, make_char, make_dir, make_reg, make_sock, make_fifo, make_block, make_sym, refer, truncate, ioctl_dev, tcp bind, tcp connect, abstract_unix_socket, signal
#>   left none
#>   allow read_file, read_dir beneath /opt/a
#>   allow read_file, read_dir beneath /opt/b
#>   allow read_file, read_dir beneath /srv
#>   allow read_file, read_dir beneath /opt/My App
#>   allow read_file, read_dir beneath ${state}/cache
#>   allow read_file, read_dir beneath ${home}/x
#>   allow tcp connect ${port}
#>   allow tcp connect ${ports}
#> exit: 0
