# SPDX-License-Identifier: Apache-2.0
# Terminals: the one that the program has, what curses and readline read, and terminals it opens for others.
#
#     import std/tty
#     ruleset editor extends base, tty { allow read, write beneath /srv/text }
#
# Floor: ABI 1. Not covered: descriptors of a terminal that the program gets from its caller, on which all ioctls work.
# Where `dev.tty.legacy_tiocsti` is 1 (always before Linux 6.2), who has a terminal can type into it (TIOCSTI) what its
# shell then runs: start what isn't trusted without one (setsid, a pipe), and without this block.
abi 10

ruleset tty {
    # The terminal that the program has already, for passwords and for programs whose standard input is a file.
    allow read, write, ioctl_dev file optional /dev/tty
    # What the terminal can do, and the keys of readline.
    allow read beneath optional /usr/share/terminfo, optional /lib/terminfo, optional /etc/terminfo
    allow read beneath optional /usr/lib/terminfo, optional /usr/share/tabset
    allow read file optional /etc/inputrc, optional /etc/termcap
}

# For programs that open terminals of their own (ssh servers, terminal multiplexers, expect): the other terminals of the
# same user can be opened too, since a new one's number isn't known when the policy is loaded.
ruleset pty {
    allow read, write, ioctl_dev file /dev/ptmx
    allow read, write, ioctl_dev beneath /dev/pts
}
