# SPDX-License-Identifier: Apache-2.0
# rsync: copies a tree between two directories, on this machine or over ssh and the rsync protocol.
#
#     import std/rsync
#     use rules rsync
#     # llrun --set rsync.source=/srv/www --set rsync.target=/backup rsync.o -- rsync -a /srv/www/ /backup/www
#
# Floor: ABI 4 (ports). Not covered: running as a daemon; shells other than ssh (`-e`); ssh's parts are std/ssh's, whose
# params (`ssh.key`, `ssh.home`) hold here too. Owners and modes are set as rsync's user may.
# Tested: rsync 3, Debian 12, between directories, over ssh and by the rsync protocol.
abi 7
import std/base
import std/ssh
import std/users

# Read. Not needed where the source is another machine.
param source: path = /var/empty
# Read and written. Not needed where the target is another machine.
param target: path = /var/empty
# The rsync protocol's port, beside ssh's.
param ports: ports = 873

ruleset rsync extends base, base.loader, users, ssh.client {
    allow read beneath optional $source
    # Files come under temporary names and are renamed; directories made, old ones removed.
    allow read, write, create, remove, refer beneath optional $target
    allow execute, read_file each optional /{usr/,}bin/ssh
    allow tcp connect $ports
}

# llc: allow W1502 because what holds a copy of the program is for the policy that uses this rule
rule program: when exec matches /{usr/,}bin/rsync apply rsync with nnp

test "copies from one directory into another" {
    set source = /srv/www
    set target = /backup
    set ssh.home = /root
    exec /usr/bin/rsync user root
    expect apply rsync with nnp
    expect allow read /srv/www/index.html
    expect deny write, create, remove /srv/www
    expect allow read, write, create, remove, refer /backup/www
    expect deny devices /backup
    expect allow tcp connect 22
    expect deny tcp connect 80
    expect deny tcp bind 873
    expect deny execute /usr/bin/dash
    expect deny read /etc/shadow
    expect deny read /root/.ssh/id_ed25519
}
