# SPDX-License-Identifier: Apache-2.0
# A client of an X11 server on this machine.
#
#     import std/x11
#     ruleset viewer extends base, fonts, x11 { allow read beneath /srv/pictures }
#     # llrun --set x11.authority="$XAUTHORITY" viewer.o -- program
#
# Floor: ABI 1. Not covered: X11 itself, in which every client can read the keys typed into others and send them events.
# The server's abstract socket stays closed, and a server that listens there must be told not to (`-nolisten local`): libxcb
# tries it first, and takes the one in /tmp/.X11-unix only when nobody listens, not when it is refused. Where the server
# can't be told, write `leave abstract_unix_socket unrestricted` in your ruleset, which opens the abstract sockets of all
# programs. TCP displays are closed. MIT-SHM works by System V shared memory, which Landlock doesn't know.
# Tested: clients of Xvfb 21.1 with a cookie, Debian 12. Which sockets it may connect to: on the textual model only.
abi 10

# The cookie that the server asks for: usually ~/.Xauthority or a file in the session's runtime directory.
param authority: path = env XAUTHORITY

ruleset x11 {
    # The server's sockets, X0, X1, … They come and go, so the directory it is.
    allow read, resolve_unix beneath optional /tmp/.X11-unix
    allow read file optional $authority
    # Keyboard maps, locales of Xlib, colour names, error texts; cursors and icons.
    allow read beneath optional /usr/share/X11, optional /usr/share/icons, optional /usr/share/pixmaps
    allow read beneath optional /etc/X11/cursors
}
