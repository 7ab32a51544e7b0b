# A policy that uses every form of the language once; the editors' grammars are tested on it.
abi 7
requires abi 4 leaving ioctl_dev, scope unrestricted
import std/base
import std/python as py
use rules py

param state: path = /var/lib/app
let web_ports = [80, 443, 8000..8010]

ruleset web extends base, py.runtime {
    allow read, execute beneath /usr, optional /lib64
    allow read file "/etc/host name\"s"
    allow read, write, create, remove, refer beneath $state, ${py.cache}/x
    allow read beneath /home except /home/*/.ssh, /home/[!a-z]?/{.gnupg,.aws/**}
    allow ioctl_dev each /dev/pts/[0-9]*, /dev/a\ b
    allow tcp connect 443, $web_ports
    leave udp unrestricted
    isolate signal
    log new_exec on
}

rule web: when exec matches /usr/bin/python3* and under unit "web@*.service" unless (user root or not setuid)
    always audit apply ruleset web with nnp
when file matches /tmp/** deny "no execution from /tmp"
prefer web over other

test "python cannot read shadow" {
    given link /bin -> usr/bin
    exec /usr/bin/python3.11 under unit web@1.service user www-data
    expect apply web with nnp
    expect deny read /etc/shadow from abi 7
}
