# SPDX-License-Identifier: Apache-2.0
# cargo and rustc: builds, tests and runs one project, with the build scripts and macros of crates that nobody has read.
#
#     import std/cargo
#     use rules cargo
#     # llrun --set cargo.project=/srv/app --set cargo.home=/srv/cargo --set tmp.scratch=/srv/scratch cargo.o -- \
#     #     env TMPDIR=/srv/scratch CARGO_HOME=/srv/cargo cargo build
#
# Floor: ABI 4 (ports). Build scripts, macros and tests run with all that this allows. Not covered: ~/.cargo stays unread,
# with its tokens (`cargo publish`); git by cargo's own library, but not ssh; what crates look for by pkg-config outside of
# /usr/lib and /usr/share; rustup's toolchains, which are in homes: write a rule for their path and extend `cargo` with
# reading and executing it.
# Tested: cargo 0.66 and rustc 1.63 with gcc 12, Debian 12, from a registry on loopback.
abi 7
import std/base
import std/dns
import std/gcc
import std/git
import std/tls
import std/tmp
import std/users

# Cargo.toml, sources and `target`; what is built there may run.
param project: path
# CARGO_HOME: the registry's index and sources of crates.
param home: path
# Ports of the registry.
param ports: ports = 443

let images = /{usr/,usr/local/}bin/{cargo,rustc,rustdoc,cargo-clippy,clippy-driver,rustfmt,cargo-fmt}

# The index of a registry comes by git's library, which fails where it may not read git's settings (`git.config`).
ruleset cargo extends base.machine, dns, gcc.tools, git.config, tls, tmp, users {
    # Artefacts are written beside and linked into place; build scripts and tests run from `target`.
    allow read, write, create, remove, refer, execute beneath $project
    # Crates are unpacked there, and locked while that lasts. Nothing in it runs: sources are compiled into `target`.
    allow read, write, create, remove, refer beneath $home
    # cargo runs rustc, and both run themselves; the standard library is beside them. rustc links by cc.
    allow execute, read_file each optional $images
    allow read beneath optional /usr/lib/rustlib, optional /usr/local/lib/rustlib
    # Build scripts ask for libraries of the system.
    allow execute, read_file each optional /usr/bin/{pkg-config,pkgconf}
    allow read beneath optional /usr/share/pkgconfig
    allow tcp connect $ports
}

# Containment: what a build script starts again stays inside.
# llc: allow W1502 because what holds a copy of the program is for the policy that uses this rule
rule program: when exec matches $images always apply cargo with nnp

test "builds one project" {
    set project = /srv/app
    set home = /srv/cargo
    set tmp.scratch = /srv/scratch
    set git.home = /home/ann
    exec /usr/bin/cargo user ann
    expect apply cargo with nnp
    expect allow read, write, create, remove, execute /srv/app/target
    expect allow read, write, create /srv/cargo/registry
    expect deny execute /srv/cargo/registry/x
    expect deny execute /srv/scratch/evil
    expect allow execute /usr/bin/x86_64-linux-gnu-gcc-12
    expect deny execute /usr/bin/dash
    expect deny execute /usr/bin/git
    expect allow tcp connect 443
    expect deny tcp connect 22
    expect deny tcp bind 8080
    expect deny read /home/ann/.cargo/credentials
    expect deny read /home/ann/.ssh/id_ed25519
    expect deny write /home/ann/.bashrc
    expect deny read /etc/shadow
}
