# SPDX-License-Identifier: Apache-2.0
# GNU tar: packs a directory, or unpacks archives that nobody vouches for, between two directories.
#
#     import std/tar
#     use rules tar
#     # llrun --set tar.source=/srv/in --set tar.target=/srv/out tar.o -- tar -C /srv/out -xf /srv/in/upload.tar.gz
#
# Floor: ABI 3 (truncating). Not covered: device nodes aren't made; owners and modes are set as tar's user may (`chown`
# is no right of Landlock); remote archives; BusyBox's and BSD's tar, which have other images.
# Tested: tar 1.34 with gzip, xz, bzip2, Debian 12.
abi 7
import std/base
import std/users

# Read: archives, or what is packed.
param source: path
# Read and written: where things are unpacked, or the archive is made.
param target: path

# tar runs these for -z, -j, -J, --zstd and by an archive's name. `bzip2` and `xz` are links to them in places.
let compressors = /{usr/,}bin/{gzip,pigz,bzip2,lbzip2,xz,zstd,lzip,lzma,lzop}

ruleset tar extends base, base.loader, users {
    allow read beneath $source
    # Trees with links, hard links across directories (refer), fifos.
    allow read, write, create, remove, refer beneath $target
    # tar runs them through /bin/sh, a link to one of these. What a shell can do by itself, tar may do anyhow.
    allow execute, read_file each optional $compressors, optional /{usr/,}bin/{dash,bash,ash}
}

# llc: allow W1502 because what holds a copy of the program is for the policy that uses this rule
rule program: when exec matches /{usr/,}bin/{tar,gtar} apply tar with nnp

test "unpacks from one directory into another" {
    set source = /srv/in
    set target = /srv/out
    exec /usr/bin/tar user nobody
    expect apply tar with nnp
    expect allow read /srv/in/a.tar
    expect deny write, create, remove /srv/in
    expect allow write, create, remove, refer /srv/out/a
    expect deny devices /srv/out
    expect allow execute /usr/bin/gzip
    expect deny execute /usr/bin/python3.11
    expect deny execute /srv/out/a/evil
    expect deny read /etc/shadow
    expect deny tcp connect, bind 514
}
