# SPDX-License-Identifier: Apache-2.0
# What a service tells systemd: that it is ready or alive (sd_notify), and lines for the journal.
#
#     import std/systemd
#     ruleset daemon extends base, systemd.notify, systemd.journal { allow tcp bind 8000 }
#
# Floor: ABI 1. Not covered: systemd's own control (systemctl goes over D-Bus). Sockets that systemd opens for a service
# and what it writes to standard output need no right. On kernels below ABI 9 Landlock doesn't restrict sending to
# sockets by path.
# Tested: units of systemd 252 that tell that they are ready and write to the journal, Debian 12. Which sockets it may
# connect to: on the textual model only.
abi 10

ruleset notify {
    # $NOTIFY_SOCKET of the system's and of a user's manager.
    allow resolve_unix file optional /run/systemd/notify
    allow resolve_unix each optional /run/user/[0-9]*/systemd/notify
    # sd_booted() asks whether this directory is there.
    allow read_dir beneath optional /run/systemd/system
}

ruleset journal {
    # sd_journal_send, services' standard output, and syslog(3): /dev/log is a link to the third.
    allow resolve_unix file optional /run/systemd/journal/socket, optional /run/systemd/journal/stdout
    allow resolve_unix file optional /run/systemd/journal/dev-log, optional /dev/log
}
