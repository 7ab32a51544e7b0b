# SPDX-License-Identifier: Apache-2.0
# What llload keeps in folders: no bpf file system, one that is taken away while a policy is in force, no room in /run.
. /scenarios/lib.sh
cp /usr/bin/victim /usr/bin/storm /tmp/
cp /bin/busybox /tmp/cat
mkdir /tmp/secret; echo secret > /tmp/secret/file; echo open > /tmp/open
check_fails "free before" /tmp/victim
refused() { # WHAT TEXT COMMAND…: not done, with this reason
    what=$1; text=$2; shift 2
    "$@" > /tmp/out 2>&1; code=$?
    cat /tmp/out
    check "$what: refused ($code)" [ $code != 0 ]
    check "$what: with the reason" grep -q "$text" /tmp/out
}

# No bpf file system at the start.
umount /sys/fs/bpf
refused "no bpf file system: check" "mount -t bpf bpf /sys/fs/bpf" llload check
check "exit code 3" [ $code = 3 ]
refused "no bpf file system: install" "mount -t bpf bpf /sys/fs/bpf" llload /policies/victim.o
check "exit code 3" [ $code = 3 ]
refused "no bpf file system: supervise" "mount -t bpf bpf /sys/fs/bpf" llload supervise
check "nothing is left under /run" [ ! -e /run/landlatch ]
check_fails "free still" /tmp/victim
check "as it says" mount -t bpf bpf /sys/fs/bpf
start_supervisor
check "then it is installed" llload /policies/victim.o
check "and enforced" /tmp/victim

# Taken away: in force as long as the supervisor lives, and what is said is true.
check_fails "it isn't unmounted while a supervisor serves" umount /sys/fs/bpf
storm 2 0 /tmp/victim any > /tmp/storm.log &
storm=$!
check "unmounted all the same (-l)" umount -l /sys/fs/bpf
sleep 1
check "in force" /tmp/victim
check "list says so" sh -c 'llload list | grep -q "^victim "'
check "show says so" sh -c 'llload show victim | grep -q "rule victims"'
refused "another policy" "mount -t bpf bpf /sys/fs/bpf" llload /policies/second.o
check "mount another" mount -t bpf bpf /sys/fs/bpf
check "another policy" llload /policies/second.o
check "which holds" sh -c '/tmp/cat /tmp/open && ! /tmp/cat /tmp/secret/file'
check "replace the first" llload --replace /policies/victim.o
check "in force" /tmp/victim
check_fails "one that is there isn't installed twice" llload /policies/victim.o
check "unload the second" llload unload second
check "it is free" /tmp/cat /tmp/secret/file
kill $storm; wait $storm; check "nothing was free meanwhile" [ $? = 0 ]
cat /tmp/storm.log
check "unload the first" llload unload victim
check_fails "free then" /tmp/victim
kill $supervisor; wait $supervisor; check "the supervisor's end is clean" [ $? = 0 ]
start_supervisor
check "the next one serves where the new one is mounted" llload /policies/victim.o
check "and enforces" /tmp/victim
check "pinned there" [ -e /sys/fs/bpf/landlatch/victim ]
check "unload" llload unload victim
kill $supervisor; wait $supervisor
check "nothing is left there" [ -z "$(ls -A /sys/fs/bpf/landlatch)" ]

# No room in /run/landlatch.
rm -rf /run/landlatch; mkdir -m 700 /run/landlatch
mount -t tmpfs -o mode=700,nr_inodes=1 tmpfs /run/landlatch
refused "no inode" "No space left on device" llload /policies/victim.o
check_fails "free still" /tmp/victim
check "nothing is pinned" [ -z "$(ls -A /sys/fs/bpf/landlatch)" ]
umount /run/landlatch
mount -t tmpfs -o mode=700,size=400k tmpfs /run/landlatch
start_supervisor
check "room for one" llload /policies/victim.o
dd if=/dev/zero of=/run/landlatch/filling bs=4k 2>/dev/null
before=$(ls -R /run/landlatch /sys/fs/bpf/landlatch)
generation=$(llload list --json | json /policies/0/generation)
whole() {
    check "  nothing half is left" [ "$(ls -R /run/landlatch /sys/fs/bpf/landlatch)" = "$before" ]
    check "  what was in force is" /tmp/victim
    check "  as it was" [ "$(llload list --json | json /policies/0/generation)" = "$generation" ]
}
refused "another policy without room" "No space left on device" llload /policies/second.o
whole
refused "replace without room" "No space left on device" llload --replace /policies/victim.o
whole
refused "audit in its place" "No space left on device" llload --replace --audit /policies/victim.o
whole
check "what the other would deny is free" /tmp/cat /tmp/secret/file
kill -9 $supervisor; wait $supervisor 2>/dev/null
check_fails "the supervisor dies: refused" /tmp/victim
start_supervisor
check "the next one needs no room" /tmp/victim
check "and may unload" llload unload victim
check_fails "free then" /tmp/victim
rm /run/landlatch/filling
check "with room again: another" llload /policies/second.o
check "holds" sh -c '! /tmp/cat /tmp/secret/file'
check "unload" llload unload second
done_checks
