# SPDX-License-Identifier: Apache-2.0
# make, with compilers, a shell and the ordinary tools: builds one project directory and runs what it built there.
#
#     import std/make
#     use rules make
#     # llrun --set gcc.project=/srv/app --set tmp.scratch=/srv/scratch make.o -- env TMPDIR=/srv/scratch make -C /srv/app check
#
# Floor: ABI 3 (truncating). Recipes are whatever the project's author wrote: they can do all that this allows, with no
# network and no signals to processes outside. Not covered: `make install` to other places; interpreters (extend with
# std/python's `runtime`); `--output-sync`, for which make 4.3 wants /tmp whatever TMPDIR says, and crashes without;
# package managers; pkg-config's and CMake's own files beyond /usr/lib and /usr/share named here.
# Tested: GNU make 4.3 with gcc 12, Debian 12.
abi 7
import std/base
import std/gcc
import std/shell
import std/tmp
import std/users

ruleset make extends base.machine, gcc, shell, users {
    # Programs that the build makes and runs: generators, tests. The project is `gcc.project`.
    allow execute beneath ${gcc.project}
    allow execute, read_file each /{usr/,}bin/{make,gmake},
        optional /{usr/,}bin/{pkg-config,pkgconf,bison,flex,cmake,ninja}
    allow read beneath optional /usr/lib/pkgconfig, optional /usr/lib/cmake, optional /usr/share/pkgconfig,
        optional /usr/share/bison, optional /usr/share/aclocal
    allow read each optional /usr/share/cmake*
}

# llc: allow W1502 because what holds a copy of the program is for the policy that uses this rule
rule program: when exec matches /{usr/,}bin/{make,gmake} apply make with nnp

test "builds and runs what it built" {
    set gcc.project = /srv/app
    set tmp.scratch = /srv/scratch
    exec /usr/bin/make user ann
    expect apply make with nnp
    expect allow read, write, create, remove, execute /srv/app/build
    expect allow execute /usr/bin/dash
    expect allow execute /usr/bin/gcc-12
    expect deny execute /srv/scratch/evil
    expect deny execute /usr/bin/sudo
    expect deny execute /usr/bin/curl
    expect deny read /etc/shadow
    expect deny read /home/ann/.ssh/id_ed25519
    expect deny write, create /usr/local/bin
    expect deny tcp connect, bind 80
}
