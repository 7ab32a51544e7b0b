#! args: --emit=ast -o -
abi 7
requires abi 4 leaving ioctl_dev, scope unrestricted
import std/base
import std/python

param state: path = /var/lib/app
let web_ports = [80, 443, 8000..8010]

ruleset web extends base, python.runtime {
    allow read, execute beneath /usr, /lib, /lib64
    allow read beneath /etc/ssl, optional /etc/pki
    allow read file /etc/hostname
    allow read, write, create, remove, refer beneath $state
    allow read beneath /home except /home/*/.ssh, /home/*/.gnupg
    allow read, write, ioctl_dev each /dev/pts/[0-9]*
    allow tcp connect 443, 5432
    allow tcp bind $web_ports
    log new_exec on
}
ruleset strict extends base { leave tcp unrestricted }

rule web: when exec matches /usr/bin/python3* and under unit "web@*.service" and user www-data
    apply ruleset web with nnp
when script matches /srv/app/**.py unless user root  apply web with nnp
when file matches /tmp/**, /dev/shm/**  deny "no execution from world-writable directories"
when under slice "untrusted.slice" always apply strict with nnp
when exec matches /usr/bin/healthcheck under unit web pass

test "python in the web unit cannot read shadow" {
    exec /usr/bin/python3.11 under unit web@1.service user www-data
    expect apply web with nnp
    expect deny read /etc/shadow
    expect allow tcp connect 443
}
test "node is left alone" { exec /usr/bin/node user root  expect none }
#> abi 7 [2:1-2:6]
#> requires abi 4 [3:1-3:53]
#>   leaving "ioctl_dev", "scope"
#> import "std/base" [4:1-4:16]
#> import "std/python" [5:1-5:18]
#> param "state": path = "/var/lib/app" [7:1-7:33]
#> let "web_ports" = [80, 443, 8000..8010] [8:1-8:38]
#> ruleset "web" [10:1-20:2]
#>   extends "base", "python"."runtime"
#>   allow "read", "execute" beneath "/usr", "/lib", "/lib64"
#>   allow "read" beneath "/etc/ssl", optional "/etc/pki"
#>   allow "read" file "/etc/hostname"
#>   allow "read", "write", "create", "remove", "refer" beneath ${state}
#>   allow "read" beneath "/home" except "/home/*/.ssh", "/home/*/.gnupg"
#>   allow "read", "write", "ioctl_dev" each "/dev/pts/[0-9]*"
#>   allow "tcp" "connect" ports 443, 5432
#>   allow "tcp" "bind" ports ${web_ports}
#>   log "new_exec" on
#> ruleset "strict" [21:1-21:55]
#>   extends "base"
#>   leave "tcp"
#> rule "web" [23:1-24:31]
#>   when
#>     and
#>       exec "/usr/bin/python3*"
#>       unit "web@*.service"
#>       user "www-data"
#>   apply "web" with nnp
#> rule [25:1-25:72]
#>   when
#>     script "/srv/app/**.py"
#>   unless
#>     user "root"
#>   apply "web" with nnp
#> rule [26:1-26:92]
#>   when
#>     file "/tmp/**", "/dev/shm/**"
#>   deny "no execution from world-writable directories"
#> rule [27:1-27:64]
#>   when
#>     slice "untrusted.slice"
#>   always apply "strict" with nnp
#> rule [28:1-28:59]
#>   when
#>     and
#>       exec "/usr/bin/healthcheck"
#>       unit "web"
#>   pass
#> test "python in the web unit cannot read shadow" [30:1-35:2]
#>   exec
#>     exec "/usr/bin/python3.11"
#>     unit "web@1.service"
#>     user "www-data"
#>   expect apply "web" with nnp
#>   expect deny "read" on "/etc/shadow"
#>   expect allow "tcp" "connect" ports 443
#> test "node is left alone" [36:1-36:72]
#>   exec
#>     exec "/usr/bin/node"
#>     user "root"
#>   expect none
#> comment [1:1-1:25] "#! args: --emit=ast -o -"
#> exit: 0
