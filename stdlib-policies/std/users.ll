# SPDX-License-Identifier: Apache-2.0
# Names of users and groups, as libc looks them up (nss). No passwords: /etc/shadow is never part of it.
#
#     import std/users
#     ruleset list extends base, users { allow read beneath /srv }
#
# Floor: ABI 1. Not covered: a look-up by LDAP or winbind in the program itself (name their files and ports); changing
# passwords.
abi 10

ruleset users {
    # Which sources there are, and the machine's own tables.
    allow read file optional /etc/nsswitch.conf, optional /etc/passwd, optional /etc/group
    allow read file optional /var/lib/extrausers/passwd, optional /var/lib/extrausers/group
    # Caches of nscd and sssd are mapped from files; their sockets are the way to ask.
    allow read beneath optional /var/lib/sss/mc, optional /run/nscd, optional /var/cache/nscd
    allow resolve_unix beneath optional /run/nscd
    allow resolve_unix file optional /var/lib/sss/pipes/nss
    # nss-systemd: users that units make up (DynamicUser=), homed.
    allow read, resolve_unix beneath optional /run/systemd/userdb
    allow read beneath optional /etc/userdb, optional /usr/lib/userdb
}
