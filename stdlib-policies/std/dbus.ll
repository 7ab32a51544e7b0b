# SPDX-License-Identifier: Apache-2.0
# A client of the system's or the session's D-Bus.
#
#     import std/dbus
#     ruleset agent extends base, dbus.system { allow read beneath /srv/agent }
#
# Floor: ABI 1. Not covered: what services do on a client's behalf, which is all that the bus's policy lets its user do
# (systemd starts programs so, outside of the confinement): give the bus to trusted programs only, or a proxy's socket
# (xdg-dbus-proxy) instead. On kernels below ABI 9 Landlock doesn't restrict connecting to sockets by path at all.
# Tested: clients and a service of dbus-daemon 1.14, Debian 12. Which sockets it may connect to: on the textual model only.
abi 10

# The session's runtime directory, with the session bus's socket. `dbus.system` doesn't need it.
param runtime: path = env XDG_RUNTIME_DIR

# The identity of the machine, which libdbus sends along and names the session's address by.
ruleset _identity {
    allow read file optional /etc/machine-id, optional /var/lib/dbus/machine-id
}

ruleset system extends _identity {
    # The one socket; both names of /run.
    allow resolve_unix file optional /run/dbus/system_bus_socket, optional /var/run/dbus/system_bus_socket
}

ruleset session extends _identity {
    # The session's socket as systemd and dbus-run-session's documents name it. An abstract one is closed by the scope.
    allow resolve_unix file optional $runtime/bus
}
