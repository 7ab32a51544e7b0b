# SPDX-License-Identifier: Apache-2.0
# Redis: serves its data from one directory on one port.
#
#     import std/redis
#     use rules redis
#     # llrun --set redis.data=/srv/redis --set redis.ports=6379 redis.o -- redis-server --dir /srv/redis
#
# Floor: ABI 4 (ports). Debian's redis-server is a link to redis-check-rdb, which is what the kernel runs: the rule
# names both. Not covered: rewriting the configuration (CONFIG REWRITE makes a file beside it); Sentinel; modules
# outside of /usr/lib/redis; a socket by path outside of `data` and /run/redis.
# Tested: Redis 7.0, Debian 12.
abi 7
import std/base

# Snapshots and append-only files.
param data: path = /var/lib/redis
# Configuration and lists of users.
param config: path = /etc/redis
# Where it listens, and which ports it follows (REPLICAOF) or joins as a cluster. 0: none.
param ports: ports = 6379
param primary: ports = 0

# Memory and processors are asked for: `base.machine`.
ruleset redis extends base, base.machine {
    # Snapshots are written beside and renamed.
    allow read, write, create, remove, refer beneath $data
    allow read beneath optional $config
    # Debian's service logs there, and makes the file again after a rotation.
    allow read, write, create beneath optional /var/log/redis
    # Modules of packages.
    allow read beneath optional /usr/lib/redis
    # The pid file and the socket of Debian's service.
    allow read, write, create, remove beneath optional /run/redis
    # What it warns of and adapts to at its start.
    allow read file optional /proc/sys/net/core/somaxconn
    # 0 as `primary`: connecting to nothing.
    allow tcp bind $ports
    allow tcp connect $primary
}

# llc: allow W1502 because what holds a copy of the program is for the policy that uses this rule
rule program: when exec matches /{usr/,}bin/{redis-server,redis-check-rdb,redis-check-aof,valkey-server}
    apply redis with nnp

test "serves its data" {
    exec /usr/bin/redis-check-rdb user redis
    expect apply redis with nnp
    expect allow read, write, create, remove /var/lib/redis
    expect allow tcp bind 6379
    expect deny tcp bind 6380
    expect deny tcp connect 6379
    expect deny write, create /root/.ssh
    expect deny write, create /var/spool/cron/crontabs
    expect deny execute /usr/bin/dash
    expect deny read /var/lib/redis2/module.so
    expect deny read /etc/shadow
}
