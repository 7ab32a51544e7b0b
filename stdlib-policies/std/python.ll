# SPDX-License-Identifier: Apache-2.0
# Python 3 as Debian and its kin install it.
#
#     import std/python
#     ruleset web extends python.runtime { allow read beneath /srv/web  allow tcp bind 8000 }
#     when exec matches ${python.interpreters} and under unit web apply web with nnp
#
# Conditions compare the image's real path. On Debian /usr/bin/python3 is a link to python3.11, so that a rule for
# /usr/bin/python3 would never match: ${python.interpreters} names the real ones.
#
# Floor: ABI 1. Not covered: what a script starts (extend with std/shell), ports, writing: for the ruleset that extends
# this one; interpreters outside of /usr, as pyenv and conda install them.
# Tested: python 3.11, Debian 12.
abi 7
import std/base

# The images that run: python3.9, python3.11, … in /usr/bin and /usr/local/bin.
let interpreters = [/usr/bin/python3.[0-9]{,[0-9]}, /usr/local/bin/python3.[0-9]{,[0-9]}]
# What people type and `#!` lines say: links to the above. For messages and tests, not for rules.
# llc: allow W1200 because it is for policies that import this file
let links = [/usr/bin/python3, /usr/local/bin/python3]

# Where the program and its own modules are.
param app: path

# What the interpreter needs whatever it runs: its standard library, packages of the distribution and of pip (all below
# /usr/lib and /usr/local/lib), and a few files that modules read when imported.
ruleset runtime extends base {
    allow read each optional /usr/{,local/}lib/python3{,.[0-9]{,[0-9]}}
    # The interpreter looks itself up, and virtual environments link to it.
    allow read_file each optional $interpreters
    allow read each optional /etc/python3{,.[0-9]{,[0-9]}}
    allow read beneath optional /usr/share/python3, optional /usr/share/python-wheels
    # mimetypes
    allow read file optional /etc/mime.types
}

# One program: reads its own directory, and nothing else is allowed. Extend it for data, ports and children.
ruleset python extends runtime {
    allow read beneath $app
}

# For `use rules python`: every Python on the machine runs with what its app directory and the library give.
# Containment, so nothing more specific undoes it.
# llc: allow W1502 because what holds a copy of the interpreter is for the policy that uses this rule
rule interpreter: when exec matches $interpreters always apply python with nnp

test "a script reads its own directory and the library, nothing else" {
    set app = /srv/app
    exec /usr/bin/python3.11 user www-data
    expect apply python with nnp
    expect allow read /srv/app/main.py
    expect allow read /usr/lib/python3.11/os.py
    expect deny read /etc/shadow
    expect deny write /srv/app/main.py
    expect deny execute /usr/bin/dash
    expect deny tcp connect, bind 80
}

test "what only looks like Python is left alone" {
    exec /usr/bin/python3-config user www-data
    expect none
}
