# SPDX-License-Identifier: Apache-2.0
# npm install, and the scripts of packages that nobody has read: one project, one cache, one scratch, two ports.
#
#     import std/npm
#     use rules npm
#     # llrun --set npm.project=/srv/app --set npm.cache=/srv/npm --set tmp.scratch=/srv/scratch npm.o -- \
#     #     env TMPDIR=/srv/scratch npm_config_cache=/srv/npm npm install
#
# Floor: ABI 4 (ports). npm's `#!` line starts Node by env, so that the kernel names no script: the rule takes every
# Node of the tree. For Node programs that aren't npm use std/node instead; both sets of rules at once are a conflict.
# Not covered: ~/.npmrc stays unread, with its tokens (private registries: --userconfig in the project); building native
# modules (extend `npm` with std/gcc and std/python); packages from git.
# Tested: npm 11 with Node 20, Debian 12.
abi 7
import std/base
import std/dns
import std/node
import std/shell
import std/tls
import std/tmp
import std/users

# package.json and node_modules; its programs may run.
param project: path
# npm's cache, logs and state (npm_config_cache).
param cache: path
# Ports of the registry.
param ports: ports = 443

ruleset npm extends base, base.machine, dns, node.runtime, shell, tls, tmp, users {
    # Packages are unpacked beside and renamed; scripts and node_modules/.bin run from there.
    allow read, write, create, remove, refer, execute beneath $project
    allow read, write, create, remove, refer beneath $cache
    # npm itself, and settings of the machine.
    allow read beneath optional /usr/share/nodejs, optional /usr/share/npm, optional /etc/npm
    allow read file optional /etc/npmrc, optional /usr/etc/npmrc
    # Node starts itself; npm starts scripts by sh and env.
    allow execute, read_file each optional ${node.images}
    allow tcp connect $ports
}

# Containment: a package's script that starts Node again stays inside, whatever else is in the policy.
# llc: allow W1502 because what holds a copy of the interpreter is for the policy that uses this rule
rule install: when exec matches ${node.images} always apply npm with nnp

test "installs into its project" {
    set project = /srv/app
    set cache = /srv/npm
    set tmp.scratch = /srv/scratch
    exec /usr/bin/node user ann
    expect apply npm with nnp
    expect allow read, write, create, remove, execute /srv/app/node_modules
    expect deny execute /srv/scratch/evil
    expect deny execute /srv/npm/evil
    expect allow execute /usr/bin/dash
    expect deny execute /usr/bin/curl
    expect deny execute /usr/bin/ssh
    expect allow tcp connect 443
    expect deny tcp connect 22
    expect deny tcp bind 8080
    expect deny read /home/ann/.npmrc
    expect deny read /home/ann/.ssh/id_ed25519
    expect deny write /home/ann/.bashrc
    expect deny read /etc/shadow
}
