# SPDX-License-Identifier: Apache-2.0
# curl: fetches and sends by HTTP and HTTPS, to and from one directory.
#
#     import std/curl
#     use rules curl
#     # llrun --set curl.files=/srv/feed feed.o -- /srv/feed/fetch.sh
#
# Floor: ABI 4 (ports). FTP is passive and needs the server's range of data ports as well: `--set curl.ports=21,30000..30009`.
# Not covered: ~/.curlrc and ~/.netrc stay unread (give `-K FILE` in the directory); FTP servers whose data ports are any;
# where names of hosts carry data out (std/dns); which hosts, since Landlock knows ports only.
# Tested: curl 7.88 by HTTP, HTTPS and FTP, Debian 12.
abi 7
import std/base
import std/dns
import std/tls

# Everything that curl reads, writes and sends.
param files: path
# Where it may connect.
param ports: ports = [80, 443]

ruleset curl extends base, dns, tls {
    # Downloads, and temporary names beside them; cookies, uploads and settings.
    allow read, write, create, remove, refer beneath $files
    allow tcp connect $ports
}

# llc: allow W1502 because what holds a copy of the program is for the policy that uses this rule
rule program: when exec matches /{usr/,}bin/curl, /usr/local/bin/curl apply curl with nnp

test "fetches into its directory, by two ports" {
    set files = /srv/feed
    exec /usr/bin/curl user nobody
    expect apply curl with nnp
    expect allow read, write, create /srv/feed/day
    expect allow tcp connect 443
    expect deny tcp connect 22
    expect deny tcp bind 443
    expect deny read /etc/shadow
    expect deny read, write /home/ann/.netrc
    expect deny write, create, remove, execute /tmp
    expect deny execute /srv/feed/tool
}

test "a script of that name elsewhere is left alone" {
    exec /srv/bin/curl user nobody
    expect none
}
