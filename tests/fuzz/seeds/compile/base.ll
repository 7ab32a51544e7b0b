# SPDX-License-Identifier: Apache-2.0
# What nearly every dynamically linked program needs to start and run: the loader, shared libraries, locale,
# time zone and the harmless devices. Reads and executes only; nothing here can be written but the sinks in /dev.
# `optional` covers the two layouts of /usr: merged (/lib is a symlink to usr/lib) and not, and what small images lack.
abi 7

ruleset base {
    # The dynamic loader is executed by the kernel with the program's rights of before; libraries are mapped
    # executable, which Landlock counts as reading.
    allow read beneath /usr/lib, optional /usr/lib32, optional /usr/lib64, optional /usr/libx32
    allow read beneath optional /lib, optional /lib32, optional /lib64, optional /libx32
    allow read beneath optional /usr/local/lib
    allow read file optional /etc/ld.so.cache, optional /etc/ld.so.preload

    # Locale and time zone. /etc/localtime is a symlink into zoneinfo or a copy.
    allow read beneath optional /usr/share/locale, optional /usr/share/zoneinfo, optional /usr/share/i18n
    allow read file optional /etc/localtime, optional /etc/timezone, optional /etc/locale.alias

    # Devices without a secret or an effect.
    allow read, write file /dev/null, optional /dev/full
    allow read file /dev/zero, /dev/random, /dev/urandom
    # /dev/tty reaches only the terminal that the program already has.
    allow read, write, ioctl_dev file optional /dev/tty
}
