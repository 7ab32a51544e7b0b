# SPDX-License-Identifier: Apache-2.0
# A client of a Wayland compositor on this machine.
#
#     import std/wayland
#     ruleset viewer extends base, fonts, wayland { allow read beneath /srv/pictures }
#     # llrun viewer.o -- program        (XDG_RUNTIME_DIR is read from the environment)
#
# Floor: ABI 1. Not covered: on kernels below ABI 9 Landlock doesn't restrict connecting to sockets by path at all.
# Drawing by the GPU needs std/gpu. Clipboard and screenshots are the compositor's to guard. Buffers are memfds.
# Tested: clients of Weston 10 that draw, with cursors and text, Debian 12. Which sockets it may connect to: on the textual
# model only.
abi 10

# The session's runtime directory, where the compositor has its socket.
param runtime: path = env XDG_RUNTIME_DIR

ruleset wayland {
    # wayland-0, wayland-1, … and nothing else of that directory (the bus, keyrings and agents are there too).
    allow resolve_unix each optional $runtime/wayland-[0-9]
    # Keyboard maps, which clients compile, and cursors.
    allow read beneath optional /usr/share/X11/xkb, optional /usr/share/X11/locale, optional /usr/share/icons
}
