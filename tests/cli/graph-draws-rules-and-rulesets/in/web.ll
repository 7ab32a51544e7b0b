abi 7
requires abi 4 leaving ioctl_dev, scope unrestricted

param state: path = /var/lib/web

ruleset base { allow read, execute beneath /usr, /lib }
ruleset web extends base {
    allow read beneath /srv except /srv/*/secret
    allow read, write, create beneath $state
    allow tcp connect 443
}
ruleset strict extends base { leave tcp unrestricted }

rule web: when exec matches /usr/bin/python3* and under unit "web@*.service" and user www-data
    apply web with nnp
rule py: when exec matches /usr/bin/python3* apply base
when file matches /tmp/**, /dev/shm/** deny "no execution from world-writable directories"
when under slice "untrusted.slice" always apply strict with nnp
