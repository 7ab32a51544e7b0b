# SPDX-License-Identifier: Apache-2.0
# Looking up names of hosts and services, by glibc or musl: files, then a name server.
#
#     import std/dns
#     ruleset fetch extends base, dns { allow tcp connect 443 }
#
# Floor: ABI 4 (port 53). Not covered: on kernels below ABI 10 Landlock doesn't restrict UDP, so that queries, and all
# other datagrams, are open; answers can carry data out on every kernel. Landlock knows ports and no addresses.
abi 10

ruleset dns {
    # Which sources there are and in which order, and the host's own table.
    allow read file optional /etc/nsswitch.conf, optional /etc/hosts, optional /etc/host.conf, optional /etc/gai.conf
    # Name servers. The file is often a link into one of the directories below, which are granted because what manages the
    # file replaces it, and a rule for the file alone would go with the old one.
    allow read file optional /etc/resolv.conf
    allow read beneath optional /run/systemd/resolve, optional /run/NetworkManager, optional /run/resolvconf
    # Names of ports and protocols, for `https` instead of 443.
    allow read file optional /etc/services, optional /etc/protocols, optional /etc/networks
    # Queries, over TCP when an answer is long. A client's datagrams leave from a port that the kernel picks.
    allow tcp connect 53
    allow udp connect 53
    allow udp bind 0
    # nss-resolve asks systemd-resolved through its socket; nscd answers host names through its.
    allow resolve_unix beneath optional /run/systemd/resolve, optional /run/nscd, optional /var/run/nscd
}
