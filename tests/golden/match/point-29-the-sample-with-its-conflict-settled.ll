#! args: check
# The sample of the language reference with its one conflict settled by `unless`.
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
when script matches /srv/app/**.py unless user root or exec matches /usr/bin/healthcheck
    apply web with nnp
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

#> point-29-the-sample-with-its-conflict-settled.ll:16:24: warning[W1300]: `/home` and the directories between it and the exceptions cannot keep read_dir: directories that are split for an exception have no rights of their own
#>   16 |     allow read beneath /home except /home/*/.ssh, /home/*/.gnupg
#>      |                        ^^^^^
#> point-29-the-sample-with-its-conflict-settled.ll:16:37: note: split for this exception
#>   16 |     allow read beneath /home except /home/*/.ssh, /home/*/.gnupg
#>      |                                     ^^^^^^^^^^^^
#> note: what is created there after loading has no rights either
#> point-29-the-sample-with-its-conflict-settled.ll:24:1: warning[W1502]: rule `web` selects programs by path; a copy of one has another path, and no rule covers it
#>   24 | rule web: when exec matches /usr/bin/python3* and under unit "web@*.service" and user www-data
#>      | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
#> note: so does one more rule
#> help: hold code that may be hostile by where it runs: `when under unit … always apply …`
#> exit: 0
