# SPDX-License-Identifier: Apache-2.0
# Python 3 as Debian and its kin install it.
#
# Conditions compare the real path of the image, after symlinks: on Debian /usr/bin/python3 is a link to python3.11, so a
# rule is written with ${python.interpreters}, which names the real ones.
abi 7
import std/base

# The images that run: python3.11, python3.12… in /usr/bin and /usr/local/bin.
let interpreters = [/usr/bin/python3.[0-9]*, /usr/local/bin/python3.[0-9]*]
# The names that people type and that `#!` lines hold: links to the above.
let links = [/usr/bin/python3, /usr/local/bin/python3]

# What the interpreter itself reads: the standard library, installed packages, MIME and SSL defaults. The script, its
# data and its network ports are for the policy that extends this.
ruleset runtime extends base {
    # The interpreter finds itself through its own path; a venv's link leads here too.
    allow read_file each ${interpreters}
    # Packages of Debian live in /usr/lib/python3, which base covers; those of pip in /usr/local/lib, also there.
    allow read beneath optional /usr/share/python3, optional /etc/python3.11, optional /etc/python3
    allow read file optional /etc/mime.types, optional /usr/share/mime/globs
}
