# SPDX-License-Identifier: Apache-2.0
# 5, 7: what a program or its file system keeps waiting, waits alone; and a supervisor without memory or room for files.
. /scenarios/lib.sh
insmod /lib/modules/fuse.ko 2>/dev/null || insmod /lib/modules/fuse.ko.xz 2>/dev/null
mkdir -p /tmp/fs /tmp/fs2
# A file system whose server never answers for the second page of a program.
stuckfs /tmp/fs /usr/bin/victim > /tmp/stuckfs.log &
stuckfs=$!
until grep -q ready /tmp/stuckfs.log; do sleep 0.1; done
touch /tmp/victim_stuck /tmp/victim_fuse
mount --bind /tmp/fs/stuck /tmp/victim_stuck; mount --bind /tmp/fs/free /tmp/victim_fuse
cp /usr/bin/victim /tmp/
start_supervisor --hold-limit 1500
check_fails "before: a program of such a file system is free" /tmp/victim_fuse
check "install" llload /policies/victim.o
check "install" llload /policies/target.o
served() { for _ in 1 2 3 4 5; do [ "$(attack_before plain /tmp/victim)" = confined ] || return 1; done; }

check "5: a program on it is confined" /tmp/victim_fuse
( /tmp/victim_stuck; echo $? > /tmp/code ) 2>/dev/null &
stuck=$!
sleep 0.7
check_fails "5: an exec that waits for its own page has not ended" [ -e /tmp/code ]
check "5: others are served meanwhile" served
check "5: it is killed in its time" told "killed .*victim_stuck.*could not be confined in time" 20
check "5: others are served then" served
kill $stuckfs
wait $stuck
check "5: it never ran: $(cat /tmp/code)" [ "$(cat /tmp/code)" = 137 ]
umount /tmp/victim_stuck; umount /tmp/victim_fuse; umount /tmp/fs

# `paths in target` of a root in which a look-up has no answer.
stuckfs /tmp/fs2 /usr/bin/victim > /tmp/stuckfs.log &
stuckfs=$!
until grep -q ready /tmp/stuckfs.log; do sleep 0.1; done
mkdir -p /tmp/jail/bin /tmp/jail/mnt; cp /bin/busybox /tmp/jail/bin/busybox_hanging
mount --bind /tmp/fs2 /tmp/jail/mnt
( chroot /tmp/jail /bin/busybox_hanging true; echo $? > /tmp/code2 ) 2>/dev/null &
stuck=$!
sleep 0.7
check_fails "5: an exec whose paths have no answer has not ended" [ -e /tmp/code2 ]
check "5: others are served meanwhile" served
check "5: it is killed in its time" told "killed .*busybox_hanging.*could not be confined in time" 20
wait $stuck
check "5: it never ran: $(cat /tmp/code2)" [ "$(cat /tmp/code2)" = 137 ]
check "5: others are served then" served
kill $stuckfs

attack_before userfault /tmp/victim > /tmp/late &
late=$!
sleep 1
check "5: an exec whose argument comes late (userfaultfd) has not ended" [ ! -s /tmp/late ]
check "5: others are served meanwhile" served
wait $late
check "5: confined in the end: $(cat /tmp/late)" [ "$(cat /tmp/late)" = confined ]

# The supervisor has no room for another file.
limit $supervisor 0
storm 2 3 /tmp/victim any > /tmp/storm.log; check "no file left to the supervisor: nothing free" [ $? = 0 ]
cat /tmp/storm.log
check "no file left: nothing confined either" grep -q "storm: 0 confined" /tmp/storm.log
check "no file left: the events say so" told "killed .*victim.*: Too many open files" 20
limit $supervisor 1024
check "served again with room" served

# And no memory: the kernel kills it.
echo +memory > /sys/fs/cgroup/cgroup.subtree_control
mkdir -p /sys/fs/cgroup/poor && echo $supervisor > /sys/fs/cgroup/poor/cgroup.procs
echo 0 > /sys/fs/cgroup/poor/memory.max
storm 4 10 /tmp/victim any > /tmp/storm.log; check "no memory left to the supervisor: nothing free" [ $? = 0 ]
cat /tmp/storm.log
for _ in $(seq 50); do kill -0 $supervisor 2>/dev/null || break; /tmp/victim 2>/dev/null; done
check "it was killed for memory" grep -q "oom_kill [1-9]" /sys/fs/cgroup/poor/memory.events
check "matched execs are refused" [ "$(attack_before plain /tmp/victim)" = refused ]
check_fails "others run on" /usr/bin/victim
start_supervisor
check "a new one takes over" served
testgate control
check "nothing is left held" sh -c 'testgate control | grep -q "spinning=0"'
done_checks
