# SPDX-License-Identifier: Apache-2.0
# Whatever runs in the units of jobs, made of the library's blocks (scenarios/stdlib.sh).
abi 7
requires abi 1 leaving truncate, ioctl_dev, tcp, scope unrestricted
import std/base
import std/shell
import std/users

ruleset job extends base, base.machine, shell.busybox, users {
    allow read, write, create, remove beneath /srv/job
}

rule job: when under unit "job@*.service" always apply job with nnp
