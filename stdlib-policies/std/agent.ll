# SPDX-License-Identifier: Apache-2.0
# A coding agent's tool shell: everything it starts works in one project, with compilers and interpreters, named ports,
# and no secrets.
#
#     import std/agent
#     use rules agent
#     # llrun --set agent.project=$HOME/src/app --set tmp.scratch=/var/tmp/agent agent.o -- \
#     #     env -i PATH=/usr/bin:/bin HOME=/var/tmp/agent TMPDIR=/var/tmp/agent bash -c 'make check'
#
# Floor: ABI 6 (signals; ports by 4). Two layers: `agent` says what may be done, `guard` takes writing back from git's
# directory, dotenv files and what editors and direnv run. Landlock has no deny, so that `guard` grants writing everywhere
# but there, by splitting the directories that hold them. The price: nothing can be created, removed or renamed directly in
# the project's top directory; directories that are there when the policy is loaded have no such limit. Of .git, objects
# and branches are written, never hooks, settings, HEAD or the index, so `git commit` is refused and a branch of the agent's
# own is how it hands over work:
#     export GIT_INDEX_FILE=$TMPDIR/index && git read-tree HEAD && git add src
#     git update-ref refs/heads/agent $(git commit-tree -p HEAD -m work $(git write-tree))
# Dotenv files can be read: tests need them. The list of guarded names is for the top directory, since `except` takes no
# `**`, and one * for each depth would take creating files from every directory: a .env further down can be written, there
# today or made later. To guard one, apply a third layer that is written as `guard` is, with its path. Not covered:
# repositories further down, submodules and such as the agent makes, with hooks and settings of its own: run no git in
# them, nor any that goes into submodules, and look at a branch before it is checked out, since it may bring one;
# environment variables, which are inherited with their tokens (env -i); agents' own sockets ($SSH_AUTH_SOCK, D-Bus,
# docker) on kernels below ABI 9; data that leaves by the ports.
# Tested: bash with git, make, gcc, python and node, Debian 12.
abi 7
import std/base
import std/dns
import std/gcc
import std/node
import std/python
import std/shell
import std/tls
import std/tmp
import std/users

# The checkout.
param project: path
# Where it may connect (package registries), and listen (servers under test). 0 to listen: any port that the kernel picks.
param ports: ports = [80, 443]
param serve: ports = 0

ruleset agent extends base.machine, dns, gcc.tools, node.runtime, python.runtime, shell, tls, tmp, users {
    # The project is written and its programs run.
    allow read, write, create, remove, refer, execute beneath $project
    # Interpreters, and programs that agents call most; git with its helpers and what it reads of the machine.
    allow execute, read_file each optional ${python.interpreters}, optional ${node.images}
    allow execute, read_file each optional /{usr/,}bin/{git,make,gmake,cmake,ninja,rg,fd,fdfind,jq,curl,wget,pkg-config,pkgconf}
    allow execute, read each optional /usr/lib/git-core, optional /usr/libexec/git-core
    allow read file optional /etc/gitconfig
    # What is copied into new repositories; descriptions of libraries; CMake's modules.
    allow read beneath optional /usr/share/git-core, optional /usr/share/pkgconfig
    allow read each optional /usr/share/cmake*
    allow tcp connect $ports
    allow tcp bind $serve
}

# Handles writing alone; reading, executing, ports and signals are the other layer's.
ruleset guard {
    # llc: allow W1300, W1303 because this layer takes writing away and another one says where there is any
    # Of .git all but objects, refs and logs is programs and settings of the user's git, says where those are, or what it
    # does next (the index, a rebase's list). A .git that is a file, as in linked work trees, stays out by that too
    # (docs/loading.md).
    allow write, create, remove, refer beneath / except $project/.git/[!lor]*, $project/.git/lfs, $project/.git/rebase*,
        $project/.git/rr-cache, $project/.env, $project/.env.local, $project/.env.production, $project/.envrc,
        $project/.vscode, $project/.idea
    leave execute, read_file, read_dir, make_char, make_block, ioctl_dev, tcp, scope unrestricted
}

# Everything under llrun: a copy of a program, or another shell, is no way out.
rule everything: when exec matches /** always apply agent, guard with nnp

test "works in the project and guards what the user runs later" {
    set project = /home/ann/src/app
    set tmp.scratch = /var/tmp/agent
    exec /usr/bin/bash user ann
    expect apply agent, guard with nnp
    expect allow read, write, create, remove, execute /home/ann/src/app/src
    expect allow read /home/ann/src/app/.env
    expect deny write /home/ann/src/app/.env
    expect deny write, create, remove /home/ann/src/app/.git/hooks
    expect deny write /home/ann/src/app/.git/config
    expect deny write, create, remove /home/ann/src/app/.git/modules/library/hooks
    expect deny write /home/ann/src/app/.git
    expect deny write /home/ann/src/app/.git/HEAD
    expect deny write /home/ann/src/app/.git/index
    expect deny write /home/ann/src/app/.git/rebase-merge/git-rebase-todo
    expect allow write, create, remove, refer /home/ann/src/app/.git/objects
    expect allow write, create, remove, refer /home/ann/src/app/.git/refs/heads
    expect allow read /home/ann/src/app/.git/config
    expect deny write /home/ann/src/app/.vscode/tasks.json
    expect deny read /home/ann/.ssh/id_ed25519
    expect deny read /home/ann/.bash_history
    expect deny write /home/ann/.bashrc
    expect deny read /etc/shadow
    expect deny execute /var/tmp/agent/evil
    expect deny execute /usr/bin/ssh
    expect deny execute /usr/bin/docker
    expect allow tcp connect 443
    expect deny tcp connect 22
    expect deny tcp connect 5432
    expect deny scope signal
}

test "a copied program is held too" {
    set project = /srv/app
    set tmp.scratch = /var/tmp/agent
    exec /srv/app/copied user nobody
    expect apply agent, guard with nnp
}
