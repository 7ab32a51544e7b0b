# SPDX-License-Identifier: Apache-2.0
# GCC and binutils: compiles and links C, C++ and other languages in one project directory.
#
#     import std/gcc
#     use rules gcc
#     # llrun --set gcc.project=/srv/app --set tmp.scratch=/srv/scratch gcc.o -- env TMPDIR=/srv/scratch gcc -o app main.c
#
# Floor: ABI 3 (truncating). Not covered: cross compilers outside of /usr/bin; plugins outside of /usr/lib; ccache and
# distcc; what the program that was made does when it is run. Nothing in the project is executed (std/make for that).
# Tested: gcc and g++ 12 with binutils 2.40, Debian 12.
abi 7
import std/base
import std/tmp

# Sources, and everything that is made of them. Temporary files go to `tmp.scratch`: set TMPDIR to it.
param project: path

# The driver by its real names (`gcc` and `cc` are links), and what it starts beside its own directory's programs.
let drivers = [/usr/bin/{*-,}{gcc,g++,gfortran,cpp,gnat,gdc,gccgo}{-[0-9],-[0-9][0-9],}, /usr/bin/c++]
let _binutils =
    /usr/bin/{*-,}{as,ld,ld.bfd,ld.gold,gold,ar,nm,ranlib,objcopy,objdump,strip,gcc-ar-[0-9]*,gcc-nm-[0-9]*,gcc-ranlib-[0-9]*}

# The compilers and what they read, without a project.
ruleset tools extends base, base.loader {
    # cc1, collect2, lto1 and the start files; libraries to link with are base's, and static ones
    # beside them.
    allow execute, read each optional /usr/lib/gcc, optional /usr/libexec/gcc, optional /usr/lib/gcc-cross
    allow read_file each optional /{usr/,usr/local/,}lib/*.{a,o}
    allow read beneath optional /usr/lib/bfd-plugins, optional /usr/lib/ldscripts
    allow execute, read_file each optional $drivers, optional $_binutils
    # Headers. Debian's cross and multiarch ones are below /usr/include too.
    allow read beneath optional /usr/include, optional /usr/local/include
}

ruleset gcc extends tools, tmp {
    allow read, write, create, remove, refer beneath $project
}

# llc: allow W1502 because what holds a copy of the program is for the policy that uses this rule
rule program: when exec matches $drivers apply gcc with nnp

test "compiles a project" {
    set project = /srv/app
    set tmp.scratch = /srv/scratch
    exec /usr/bin/x86_64-linux-gnu-gcc-12 user ann
    expect apply gcc with nnp
    expect allow read, write, create, remove /srv/app/build
    expect allow read /usr/include/stdio.h
    expect allow execute /usr/lib/gcc/x86_64-linux-gnu/12/cc1
    expect allow execute /usr/bin/x86_64-linux-gnu-as
    expect deny execute /srv/app/build/app
    expect deny execute /usr/bin/dash
    expect deny read /etc/shadow
    expect deny read /home/ann/.ssh/id_ed25519
    expect deny tcp connect 80
}

test "the driver has many names" {
    set project = /srv/app
    set tmp.scratch = /srv/scratch
    exec /usr/bin/g++-13 user ann
    expect apply gcc with nnp
}
