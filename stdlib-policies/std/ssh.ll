# SPDX-License-Identifier: Apache-2.0
# The OpenSSH client (ssh, and scp and sftp by it): one key, one list of known hosts, one port.
#
#     import std/ssh
#     use rules ssh
#     # llrun --set ssh.key=$HOME/.ssh/id_deploy deploy.o -- ssh -i ~/.ssh/id_deploy www@example.org
#
# Floor: ABI 4 (ports). Other keys of the home stay unread. Nothing is executed: no ProxyCommand, LocalCommand, askpass,
# `ssh -f` helpers or security keys (ssh-sk-helper). Not covered: an agent ($SSH_AUTH_SOCK) is reached on kernels below
# ABI 9, which don't restrict connecting to sockets by path; unset it. Forwarding opens `forward` ports on this machine
# and no other. Known hosts get new lines; rewriting the file (UpdateHostKeys) is refused, as it needs the directory.
# Tested: OpenSSH 9.2, Debian 12.
abi 7
import std/base
import std/dns
import std/tty
import std/users

# The one private key, with its certificate and public half beside it by `.pub`. /dev/null: none (passwords, an agent).
param key: path = /dev/null
# Where servers listen.
param ports: ports = 22
# Ports on this machine that -L and -D may open. 0 as default: any that the kernel picks.
param forward: ports = 0
# Whose ~/.ssh it is.
param home: path = env HOME

# What a connection needs, for programs that run ssh (git, rsync) too.
ruleset client extends base, dns, users, tty {
    allow read file optional $key
    # Settings of the machine and of the user; the latter can name programs, which stay unexecuted.
    allow read beneath optional /etc/ssh/ssh_config.d, optional /etc/crypto-policies,
        optional /usr/share/crypto-policies
    allow read file optional /etc/ssh/ssh_config, optional /etc/ssh/ssh_known_hosts, optional $home/.ssh/config
    # Keys of hosts: read, and appended to.
    allow read, write file optional $home/.ssh/known_hosts
    allow read file optional $home/.ssh/known_hosts2
    allow tcp connect $ports
}

ruleset ssh extends client {
    allow tcp bind $forward
}

# scp and sftp start ssh and move files; the directory they may move from and to.
param files: path = /var/empty

ruleset copy extends client, base.loader {
    allow execute, read_file each /{usr/,}bin/ssh
    allow read, write, create, remove beneath optional $files
}

# llc: allow W1502 because what holds a copy of the program is for the policy that uses this rule
rule program: when exec matches /{usr/,}bin/ssh apply ssh with nnp
rule copying: when exec matches /{usr/,}bin/{scp,sftp} apply copy with nnp

test "one key and one port" {
    set key = /home/ann/.ssh/id_deploy
    set home = /home/ann
    exec /usr/bin/ssh user ann
    expect apply ssh with nnp
    expect allow read /home/ann/.ssh/id_deploy
    expect allow read, write /home/ann/.ssh/known_hosts
    expect deny read /home/ann/.ssh/id_ed25519
    expect deny read, write, create, remove /home/ann/.ssh
    expect allow tcp connect 22
    expect deny tcp connect 443
    expect deny execute /usr/bin/dash
    expect deny read /etc/shadow
    expect deny read /etc/ssh/ssh_host_ed25519_key
}

test "scp moves files of one directory" {
    set files = /srv/files
    set home = /home/ann
    exec /usr/bin/scp user ann
    expect apply copy with nnp
    expect allow read, write, create /srv/files/x
    expect allow execute /usr/bin/ssh
    expect deny execute /usr/bin/dash
    expect deny read /etc/shadow
    expect deny tcp bind 8000
}
