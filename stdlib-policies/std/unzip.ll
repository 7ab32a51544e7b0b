# SPDX-License-Identifier: Apache-2.0
# Info-ZIP's zip and unzip: unpacks archives that nobody vouches for, or packs, between two directories.
#
#     import std/unzip
#     use rules unzip
#     # llrun --set unzip.source=/srv/in --set unzip.target=/srv/out unzip.o -- unzip -d /srv/out /srv/in/upload.zip
#
# Floor: ABI 3 (truncating). Not covered: `zip -T` with a test command, which needs to execute.
# Tested: unzip 6.0, zip 3.0, Debian 12.
abi 7
import std/base

# Read: archives, or what is packed.
param source: path
# Read and written: where things are unpacked, or the archive is made.
param target: path

ruleset unzip extends base {
    allow read beneath $source
    # Whole trees; zip makes the archive under a temporary name.
    allow read, write, create, remove, refer beneath $target
}

# llc: allow W1502 because what holds a copy of the program is for the policy that uses this rule
rule program: when exec matches /{usr/,}bin/{zip,unzip,funzip,zipinfo} apply unzip with nnp

test "unpacks from one directory into another" {
    set source = /srv/in
    set target = /srv/out
    exec /usr/bin/unzip user nobody
    expect apply unzip with nnp
    expect allow read /srv/in/a.zip
    expect deny write, create, remove /srv/in
    expect allow write, create, remove, refer /srv/out/a
    expect deny execute /usr/bin/dash
    expect deny execute /srv/out/a/evil
    expect deny read /etc/shadow
    expect deny tcp connect 80
}
