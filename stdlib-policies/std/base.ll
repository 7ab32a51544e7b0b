# SPDX-License-Identifier: Apache-2.0
# What nearly every dynamically linked program needs to start and run: shared libraries, locale, time zone and the
# harmless devices. It reads; it executes nothing, and writes only to sinks.
#
#     import std/base
#     ruleset job extends base, base.loader { allow read, execute file /usr/bin/sort }
#
# Floor: ABI 1. Not covered: terminals (std/tty), names of users and hosts (std/users, std/dns), certificates (std/tls).
#
# `optional` covers both layouts of /usr, merged (/lib is a link to usr/lib) and not, musl, and what small images lack.
abi 7

ruleset base {
    # Shared libraries are mapped, which Landlock counts as reading. The loader (ld.so) itself is opened by the kernel
    # with the rights of before the exec, so the program that is confined needs nothing for its own start. Debian has a
    # directory of them for each architecture, Fedora lib64, others (Alpine, Arch) the files of /usr/lib itself. The other
    # directories of /usr/lib belong to a package each, and what needs one names it.
    allow read each optional /{usr/,usr/local/,}lib/*-linux-*
    allow read_file each optional /{usr/,usr/local/,}lib/*.so{,.*}
    allow read beneath optional /usr/lib32, optional /usr/lib64, optional /usr/libx32, optional /lib32, optional /lib64,
        optional /libx32
    # Locales, and tables of character sets where they aren't beside the libraries.
    allow read beneath optional /usr/lib/locale, optional /usr/lib/gconv
    allow read file optional /etc/ld.so.cache, optional /etc/ld.so.preload
    # musl's list of library directories.
    allow read each optional /etc/ld-musl-*.path

    # Locale and time zone. /etc/localtime is a link into zoneinfo, or a copy.
    allow read beneath optional /usr/share/locale, optional /usr/share/zoneinfo, optional /usr/share/i18n
    allow read file optional /etc/localtime, optional /etc/timezone, optional /etc/locale.alias

    # Devices that hold no secret and have no effect.
    allow read, write file /dev/null, optional /dev/full
    allow read file /dev/zero, /dev/random, /dev/urandom
}

# For programs that start others: what a dynamically linked child needs beside `execute` on its own image. Who may run
# ld.so may run by it whatever can be read, so this is apart from `base`.
ruleset loader {
    allow execute each optional /lib/ld-linux*.so.*, optional /lib64/ld-linux*.so.*
    allow execute each optional /usr/lib/*/ld-linux*.so.*, optional /usr/lib/ld-linux*.so.*
    allow execute each optional /usr/lib64/ld-linux*.so.*, optional /usr/lib32/ld-linux*.so.*
    # musl's loader is its library: on Alpine under this name, elsewhere (Void, Debian's musl) linked to that one.
    allow execute each optional /lib/ld-musl-*.so.1, optional /{usr/,}lib/{,*-linux-musl/}libc.so
}

# What the kernel tells everyone of itself and of the machine: processors, memory, limits. Allocators, language runtimes
# and thread pools size themselves by it. No process and no user is named in these files.
ruleset machine {
    allow read file /proc/cpuinfo, /proc/meminfo, /proc/stat, /proc/loadavg, /proc/version, /proc/filesystems
    allow read file /proc/sys/kernel/pid_max, /proc/sys/kernel/threads-max, /proc/sys/kernel/ngroups_max
    allow read file /proc/sys/kernel/osrelease, /proc/sys/kernel/cap_last_cap, /proc/sys/kernel/random/uuid
    allow read file /proc/sys/vm/overcommit_memory, /proc/sys/vm/max_map_count
    allow read beneath optional /sys/devices/system/cpu, optional /sys/devices/system/node
    allow read beneath optional /sys/kernel/mm/transparent_hugepage
}
