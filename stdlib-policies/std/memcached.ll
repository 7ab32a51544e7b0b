# SPDX-License-Identifier: Apache-2.0
# memcached: a cache in memory on one port; it needs next to nothing.
#
#     import std/memcached
#     use rules memcached
#     # llrun memcached.o -- memcached -u memcache -l 127.0.0.1
#
# Floor: ABI 4 (ports). Not covered: UDP (`-U`), open below ABI 10; extstore and restart files, unless in `state`; the
# start script of Debian's service, which is Perl and starts memcached in the end.
# Tested: memcached 1.6, Debian 12.
abi 7
import std/base
import std/users

# Where it listens.
param ports: ports = 11211
# The pid file, and files of `-e` and extstore.
param state: path = /run/memcached

ruleset memcached extends base, base.machine, users {
    allow read, write, create, remove beneath optional $state
    allow tcp bind $ports
}

# llc: allow W1502 because what holds a copy of the program is for the policy that uses this rule
rule program: when exec matches /{usr/,}bin/memcached apply memcached with nnp

test listens {
    exec /usr/bin/memcached user memcache
    expect apply memcached with nnp
    expect allow tcp bind 11211
    expect deny tcp bind 80
    expect deny tcp connect 11211
    expect deny read /etc/shadow
    expect deny write, create, remove /var/lib
    expect deny execute /usr/bin/dash
}
