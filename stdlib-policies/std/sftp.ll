# SPDX-License-Identifier: Apache-2.0
# sftp only: what an OpenSSH server's sftp-server may touch, instead of a chroot that root must own.
#
#     import std/sftp
#     use rules sftp
#     # sshd_config:  Match Group upload
#     #                   ForceCommand /usr/lib/openssh/sftp-server
#     # llrun --set sftp.files=/srv/upload sftp.o -- /usr/sbin/sshd -D
#
# Floor: ABI 3 (truncating). sshd itself is left alone, and each session's sftp-server is confined. Not covered:
# `internal-sftp`, which no exec starts; other commands (ForceCommand keeps to the one); one directory a user: `files`
# is one for all, and file permissions hold users apart in it.
# Tested: OpenSSH 9.2, Debian 12, with a session of root's.
abi 7
import std/base
import std/users

# What may be listed, fetched and changed.
param files: path

ruleset sftp extends base, users {
    allow read, write, create, remove, refer beneath $files
}

# llc: allow W1502 because what holds a copy of the program is for the policy that uses this rule
rule server: when exec matches /usr/{lib,libexec}/{openssh/,ssh/,}sftp-server apply sftp with nnp

test "changes files of one directory" {
    set files = /srv/upload
    exec /usr/lib/openssh/sftp-server user ann
    expect apply sftp with nnp
    expect allow read, write, create, remove, refer /srv/upload/a
    expect deny execute /srv/upload/a/x
    expect deny read, write, create, remove /home/ann
    expect deny read /etc/shadow
    expect deny tcp connect 80
}
