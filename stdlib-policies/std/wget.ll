# SPDX-License-Identifier: Apache-2.0
# wget: fetches files and whole sites by HTTP and HTTPS into one directory.
#
#     import std/wget
#     use rules wget
#     # llrun --set wget.files=/srv/mirror mirror.o -- wget -P /srv/mirror -m https://example.org/
#
# Floor: ABI 4 (ports). Not covered: ~/.wgetrc, ~/.netrc and ~/.wget-hsts stay unread (give `--config` and `--hsts-file`
# in the directory); FTP, whose data ports are any; which hosts, since Landlock knows ports only.
# Tested: wget 1.21, Debian 12.
abi 7
import std/base
import std/dns
import std/tls

# Everything that wget reads and writes.
param files: path
# Where it may connect.
param ports: ports = [80, 443]

ruleset wget extends base, dns, tls {
    # Downloads, logs, lists of addresses, cookies.
    allow read, write, create, remove, refer beneath $files
    # The machine's settings.
    allow read file optional /etc/wgetrc
    allow tcp connect $ports
}

# llc: allow W1502 because what holds a copy of the program is for the policy that uses this rule
rule program: when exec matches /{usr/,}bin/wget, /usr/local/bin/wget apply wget with nnp

test "mirrors into its directory" {
    set files = /srv/mirror
    exec /usr/bin/wget user nobody
    expect apply wget with nnp
    expect allow read, write, create, remove /srv/mirror/site
    expect allow tcp connect 80
    expect deny tcp connect 8080
    expect deny tcp bind 80
    expect deny read /etc/shadow
    expect deny read /home/ann/.ssh/id_ed25519
    expect deny execute /srv/mirror/askpass
}
