# SPDX-License-Identifier: Apache-2.0
# Units that tell systemd and the journal, with no more than the library's blocks for it (scenarios/notify.sh).
abi 10
requires abi 1 leaving truncate, ioctl_dev, tcp, udp, scope, resolve_unix unrestricted
import std/base
import std/shell
import std/systemd

ruleset told extends base, base.machine, shell.busybox, systemd.notify, systemd.journal {
    allow read, execute file /usr/bin/systemd-notify, /usr/bin/systemd-cat, /usr/bin/logger, /usr/bin/journalctl
    allow read file /srv/told
}

rule told: when under unit "told*.service" always apply told with nnp
