# SPDX-License-Identifier: Apache-2.0
# What nearly every dynamically linked program needs to start and run: shared libraries, locale, time zone and the
# harmless devices. It reads; it executes nothing, and writes only to sinks.
#
# `optional` covers both layouts of /usr, merged (/lib is a link to usr/lib) and not, and what small images lack.
abi 7

ruleset base {
    # Shared libraries are mapped, which Landlock counts as reading. The loader (ld.so) itself is opened by the kernel
    # with the rights of before the exec, so the program that is confined needs nothing for its own start.
    allow read beneath /usr/lib, optional /usr/lib32, optional /usr/lib64, optional /usr/libx32
    allow read beneath optional /lib, optional /lib32, optional /lib64, optional /libx32
    allow read beneath optional /usr/local/lib
    allow read file optional /etc/ld.so.cache, optional /etc/ld.so.preload

    # Locale and time zone. /etc/localtime is a link into zoneinfo, or a copy.
    allow read beneath optional /usr/share/locale, optional /usr/share/zoneinfo, optional /usr/share/i18n
    allow read file optional /etc/localtime, optional /etc/timezone, optional /etc/locale.alias

    # Devices that hold no secret and have no effect.
    allow read, write file /dev/null, optional /dev/full
    allow read file /dev/zero, /dev/random, /dev/urandom
    # /dev/tty is the terminal that the program has already.
    allow read, write, ioctl_dev file optional /dev/tty
}

# For programs that start others: what a dynamically linked child needs beside `execute` on its own image. Who may run
# ld.so may run by it whatever can be read, so this is apart from `base`.
ruleset loader {
    allow execute each optional /lib/ld-linux*.so.*, optional /lib64/ld-linux*.so.*
    allow execute each optional /usr/lib/*/ld-linux*.so.*, optional /usr/lib/ld-linux*.so.*
    allow execute each optional /lib/ld-musl-*.so.1
}

# Names of users, groups, hosts and services, as libc looks them up without a daemon.
ruleset names extends base {
    allow read file optional /etc/passwd, optional /etc/group, optional /etc/nsswitch.conf
    allow read file optional /etc/hosts, optional /etc/host.conf, optional /etc/resolv.conf, optional /etc/gai.conf
    allow read file optional /etc/services, optional /etc/protocols
}

# The certificates of public authorities, for TLS.
ruleset certificates {
    allow read beneath optional /etc/ssl/certs, optional /usr/share/ca-certificates, optional /etc/pki/tls/certs
    allow read beneath optional /etc/pki/ca-trust/extracted, optional /usr/local/share/ca-certificates
    allow read file optional /etc/ssl/openssl.cnf
}
