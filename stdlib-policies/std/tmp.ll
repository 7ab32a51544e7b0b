# SPDX-License-Identifier: Apache-2.0
# A scratch directory of the program's own, instead of /tmp, where everyone's files lie and where a link of somebody
# else's may wait.
#
#     import std/tmp
#     ruleset job extends base, tmp { allow read beneath /srv/in }
#     # llrun --set tmp.scratch=/var/tmp/job job.o -- env TMPDIR=/var/tmp/job program
#
# Floor: ABI 2 (moving files between directories of the scratch). Not covered: a program that insists on /tmp whatever
# TMPDIR says; give it a /tmp of its own (PrivateTmp=). Nothing here can be executed.
abi 10

# Made, and private to the program's user, before it starts; TMPDIR of the program.
param scratch: path

ruleset tmp {
    # Temporary files, sockets and fifos, whole trees of them, renamed into place.
    allow read, write, create, remove, refer beneath $scratch
    # Sockets that the program's own children made there.
    allow resolve_unix beneath $scratch
}

# Shared memory by name (shm_open, sem_open). The directory is everyone's: file permissions keep others' segments apart, not
# this ruleset.
ruleset shm {
    allow read, write, create, remove beneath optional /dev/shm
}
