# SPDX-License-Identifier: Apache-2.0
# git: clones, fetches, commits and pushes over https and ssh, in one directory of repositories, with one ssh key or
# none.
#
#     import std/git
#     use rules git
#     # llrun --set git.work=/srv/src --set ssh.key=/srv/keys/deploy git.o -- git -C /srv/src clone git@example.org:a/b
#
# Floor: ABI 4 (ports). Hooks, filters and aliases that run programs of a repository don't run: nothing in `work` is
# executable. Of what git itself starts there are its own helpers, ssh, a shell with the ordinary tools (std/shell:
# git-submodule and others are scripts) and pagers. Not covered: stored passwords (~/.git-credentials, credential
# helpers) stay unread; signing by GnuPG; editors (use -m); ssh's `client` part with its limits. For programs that only
# read git's settings: `git.config`.
# Tested: git 2.39 over file, http and ssh, Debian 12.
abi 7
import std/base
import std/dns
import std/shell
import std/ssh
import std/tls
import std/tty
import std/users

# Where repositories are.
param work: path
# https, http and git's own protocol; ssh's port is `ssh.ports`.
param ports: ports = [80, 443, 9418]
# Whose settings are read.
param home: path = env HOME

# Settings of the machine and of the user, and what `git init` copies. Not ~/.config/git/credentials.
ruleset config {
    allow read file optional /etc/gitconfig, optional $home/.gitconfig
    allow read file optional $home/.config/git/config, optional $home/.config/git/ignore,
        optional $home/.config/git/attributes
    allow read beneath optional /usr/share/git-core
}

ruleset git extends config, base, dns, tls, tty, users, shell, ssh.client {
    # Objects, references and working trees. Links between packs and worktrees are renames across directories.
    allow read, write, create, remove, refer beneath $work
    # git runs itself and its helpers (git-remote-https and others, some of them scripts). perl runs a few.
    allow execute, read each optional /usr/lib/git-core, optional /usr/libexec/git-core
    allow execute, read_file each /{usr/,}bin/git, optional /{usr/,}bin/ssh, optional /{usr/,}bin/{less,more,pager}
    # What its shell scripts translate messages by.
    allow read_file file optional /usr/bin/gettext.sh
    allow execute, read_file each optional /{usr/,}bin/{gettext,ngettext,envsubst}
    allow tcp connect $ports
}

# llc: allow W1502 because what holds a copy of the program is for the policy that uses this rule
rule program: when exec matches /{usr/,}bin/git apply git with nnp

test "works in one directory" {
    set work = /srv/src
    set home = /home/ann
    set ssh.home = /home/ann
    set ssh.key = /home/ann/.ssh/id_deploy
    exec /usr/bin/git user ann
    expect apply git with nnp
    expect allow read, write, create, remove, refer /srv/src/a/.git/objects
    expect allow execute /usr/lib/git-core/git-remote-https
    expect deny execute /srv/src/a/.git/hooks/post-checkout
    expect allow read /home/ann/.ssh/id_deploy
    expect deny read /home/ann/.ssh/id_ed25519
    expect deny read /home/ann/.git-credentials
    expect allow read /home/ann/.gitconfig
    expect deny write /home/ann/.gitconfig
    expect allow tcp connect 443
    expect allow tcp connect 22
    expect deny tcp connect 25
    expect deny tcp bind 9418
    expect deny read /etc/shadow
}
