# SPDX-License-Identifier: Apache-2.0
# More attacks, by the points of tests/vm/README.md: stuck, frozen and throttled tasks, stale marks, pids used again,
# pid 1, binfmt_misc, Yama.
. /scenarios/lib.sh
check "10: not from another pid namespace" sh -c 'unshare -f -p --mount-proc llload supervise 2>&1 | grep -q "initial pid namespace"'
start_supervisor --hold-limit 1000
check "install" llload /policies/victim.o
cp /usr/bin/victim /usr/bin/victim_32 /tmp/; cp /usr/bin/victim /tmp/no_nnp
served() { [ "$(attack_before plain /tmp/victim)" = confined ]; }

check "4: another thread that never ends: nobody else waits" attack_before stuck /tmp/victim

mkdir -p /sys/fs/cgroup/frozen
sh -c 'echo 0 > /sys/fs/cgroup/frozen/cgroup.procs; exec storm 4 0 /tmp/victim any' > /tmp/storm.log &
storm=$!
sleep 0.7
echo 1 > /sys/fs/cgroup/frozen/cgroup.freeze
check "5: while a storm is frozen others are served" served
check "each of the frozen has its mark: $(testgate marks)" [ "$(testgate marks)" != marks=0 ]
sleep 3 # beyond every limit
check "5: and later" served
echo 0 > /sys/fs/cgroup/frozen/cgroup.freeze
sleep 0.5
kill $storm; wait $storm; check "5: nothing free of what was frozen in its hold" [ $? = 0 ]
cat /tmp/storm.log

echo +cpu > /sys/fs/cgroup/cgroup.subtree_control
mkdir -p /sys/fs/cgroup/slow && echo "2000 200000" > /sys/fs/cgroup/slow/cpu.max
sh -c 'echo 0 > /sys/fs/cgroup/slow/cgroup.procs; exec storm 2 10 /tmp/victim any' > /tmp/storm.log &
storm=$!
sleep 2
check "5: a storm gets no time" grep "nr_throttled [1-9]" /sys/fs/cgroup/slow/cpu.stat
check "5: while a storm gets no time others are served" served
echo max > /sys/fs/cgroup/slow/cpu.max
wait $storm; check "5: nothing free of what got none" [ $? = 0 ]
cat /tmp/storm.log

cp /usr/bin/victim /tmp/victim_stale
check "install what refuses after the mark" llload /policies/stale.o
for order in one other; do # of the two gates: one of them comes after the mark
    check "8: refused" sh -c '! /tmp/victim_stale 2>/dev/null'
    WITNESS="testgate marks > /tmp/marks" attack_before plain /tmp/victim_stale > /tmp/before
    check "8: and the task keeps no mark, $(cat /tmp/marks)" grep -qx marks=0 /tmp/marks
    check "8: $(cat /tmp/before)" grep -qx refused /tmp/before
    check "8: the mark of a refused exec holds nothing" [ "$(THEN=/usr/bin/victim attack_before plain /tmp/victim_stale)" = FREE ]
    check "8: nor stands in the way" [ "$(THEN=/tmp/victim attack_before plain /tmp/victim_stale)" = confined ]
    check "the $order order" llload --replace /policies/victim.o
done
check "unload it" llload unload stale

echo 400 > /proc/sys/kernel/pid_max
check "10: few pids, used again and again" storm 6 60 /tmp/victim any
echo 32768 > /proc/sys/kernel/pid_max

kill -USR1 1
sleep 0.5
check "11: pid 1 is refused, not held: $(cat /run/pid1)" [ "$(cat /run/pid1)" = 1 ]
check "with an event" told "refused .*pid 1 can't be held"

insmod /lib/modules/binfmt_misc.ko 2>/dev/null || insmod /lib/modules/binfmt_misc.ko.xz 2>/dev/null
mount -t binfmt_misc binfmt_misc /proc/sys/fs/binfmt_misc
echo ':held:E::llx::/tmp/victim:OC' > /proc/sys/fs/binfmt_misc/register
echo ':free:E::lly::/usr/bin/victim:OC' > /proc/sys/fs/binfmt_misc/register
echo x > /tmp/thing.llx; echo y > /tmp/victim_thing.lly; chmod 755 /tmp/thing.llx /tmp/victim_thing.lly
check "15: the image is binfmt_misc's interpreter" /tmp/thing.llx
check_fails "15: not the file named" /tmp/victim_thing.lly

check "25: nnp missing, the old credentials have no privilege" sh -c 'chmod 4755 /tmp/no_nnp; launch 1000 1000 /tmp/no_nnp; [ $? = 126 ]'
check "25: the new ones have none" sh -c 'chown 1000 /tmp/no_nnp; chmod 4755 /tmp/no_nnp; /tmp/no_nnp 2>/dev/null; [ $? = 126 ]'
check "25: both have" sh -c 'chown 0 /tmp/no_nnp; chmod 755 /tmp/no_nnp; /tmp/no_nnp'

testgate control
check "nothing is left held" sh -c 'testgate control | grep -q "spinning=0"'

# 24, last: it can't be undone.
llload unload victim > /dev/null; kill $supervisor; wait $supervisor
echo 3 > /proc/sys/kernel/yama/ptrace_scope
check "24: Yama refuses tracing: check says so" sh -c 'llload check | grep "backend supervise" | tee /dev/stderr | grep -vq "works here"'
check "24: and llload refuses" sh -c 'llload /policies/victim.o 2>/tmp/err; [ $? = 3 ] && cat /tmp/err'
check "24: nothing is left behind" [ -z "$(ls /sys/fs/bpf/landlatch)" ]
done_checks
