# SPDX-License-Identifier: Apache-2.0
# PostgreSQL: the server on its data directory and port; making that directory by initdb.
#
#     import std/postgresql
#     use rules postgresql
#     # llrun --set postgresql.data=/srv/pg --set postgresql.sockets=/srv/run postgresql.o -- \
#     #     /usr/lib/postgresql/15/bin/postgres -D /srv/pg -k /srv/run
#
# Floor: ABI 4 (ports). The server executes nothing: no COPY … PROGRAM, no archive_command, no restore_command; a
# superuser of the database reads and writes what the server may, and no more. `cluster` is for what makes and starts
# servers (initdb, pg_ctl), which run postgres by a shell. Not covered: extensions' libraries outside of /usr/lib; other
# tablespaces; Debian's pg_ctlcluster, which is Perl; streaming from another server unless `primary` names its port.
# Tested: PostgreSQL 15, Debian 12.
abi 7
import std/base
import std/dns
import std/tls
import std/tmp
import std/users

# The data directory's parent or itself: it must be there, and initdb fills it.
param data: path = /var/lib/postgresql
# Sockets and their locks.
param sockets: path = /run/postgresql
# Where it listens, and the primary that it follows or foreign servers. 0: none.
param ports: ports = 5432
param primary: ports = 0

let _bin = /usr/{lib/postgresql/[0-9]*/,libexec/postgresql[0-9]*/,}bin

# Names of hosts and users for pg_hba.conf, certificates for TLS, segments of shared memory by name for parallel queries
# (`tmp.shm`).
ruleset server extends base, base.machine, dns, tls, tmp.shm, users {
    allow read, write, create, remove, refer beneath $data
    allow read, write, create, remove beneath optional $sockets
    # Debian keeps the configuration apart; logs by the collector go to its place.
    allow read beneath optional /etc/postgresql, optional /etc/postgresql-common
    allow read, write, create beneath optional /var/log/postgresql
    # Its programs find each other, and extensions' libraries.
    allow read beneath optional /usr/lib/postgresql
    # Extensions, time zones, text search; keys of a self-signed start.
    allow read beneath optional /usr/share/postgresql, optional /usr/share/postgresql-common
    allow read file optional /etc/ssl/private/ssl-cert-snakeoil.key
    allow tcp bind $ports
    allow tcp connect $primary
}

# initdb and pg_ctl start the server by /bin/sh.
ruleset cluster extends server, base.loader {
    allow execute, read_file each $_bin/{postgres,initdb,pg_ctl}, optional /{usr/,}bin/{dash,bash,locale}
}

# llc: allow W1502 because what holds a copy of the program is for the policy that uses this rule
rule program: when exec matches $_bin/postgres apply server with nnp
# While it makes a cluster, the server asks a shell which locales there are.
rule bootstrap: when exec matches $_bin/postgres ancestor exec matches $_bin/initdb apply cluster with nnp
rule making: when exec matches $_bin/{initdb,pg_ctl} apply cluster with nnp

test "the server runs nothing" {
    set data = /srv/pg
    exec /usr/lib/postgresql/15/bin/postgres user postgres
    expect apply server with nnp
    expect allow read, write, create, remove /srv/pg/base
    expect deny execute /usr/bin/dash
    expect deny execute /srv/pg/x
    expect deny read /etc/shadow
    expect deny read /var/lib/postgresql/.ssh/id_ed25519
    expect allow tcp bind 5432
    expect deny tcp bind 80
    expect deny tcp connect 5432
}

test "initdb starts the server by a shell" {
    set data = /srv/pg
    exec /usr/lib/postgresql/15/bin/initdb user postgres
    expect apply cluster with nnp
    expect allow execute /usr/bin/dash
    expect allow execute /usr/lib/postgresql/15/bin/postgres
    expect deny execute /usr/bin/python3.11
}
