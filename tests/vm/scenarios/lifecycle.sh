# SPDX-License-Identifier: Apache-2.0
# What goes missing while a policy is in force, and many who ask at once. At no moment does a matched program run free.
. /scenarios/lib.sh
cp /usr/bin/victim /usr/bin/storm /tmp/
cp /bin/busybox /tmp/cat
echo open > /tmp/open; mkdir /tmp/secret; echo secret > /tmp/secret/file
check_fails "free before" /tmp/victim

# All units of policies ask at once at a boot; nobody has started a supervisor yet.
pids=""
for name in a b c d e f; do llload --name $name /policies/victim.o > /tmp/out.$name 2>&1 & pids="$pids $!"; done
failing=0
for pid in $pids; do wait $pid || failing=1; done
cat /tmp/out.*
check "six at once: each is installed" [ $failing = 0 ]
check "six are listed" sh -c 'llload list --json | grep -o "\"generation\"" | wc -l | grep -q 6'
check "confined" /tmp/victim
check "by one supervisor" sh -c '[ $(pidof llload | wc -w) = 1 ]'
pids=""
for name in a b c d e f; do llload unload $name > /tmp/out.$name 2>&1 & pids="$pids $!"; done
failing=0
for pid in $pids; do wait $pid || failing=1; done
check "six unloaded at once" [ $failing = 0 ]
check_fails "free then" /tmp/victim
until_gone

# A replacement that can't be loaded leaves what is there.
start_supervisor
check "install" llload /policies/victim.o
check_fails "a policy with a path that is missing" llload --name victim --replace /policies/missing.o
check "the old one is in force" /tmp/victim

# The supervisor dies and its files are gone: the gate is in force, and what it marks can't be looked up.
kill -9 $supervisor; wait $supervisor 2>/dev/null
mv /run/landlatch/victim /tmp/kept
start_supervisor
check "the policy is listed with the problem" sh -c 'llload list | tee /dev/stderr | grep -q "problem: its gate is in force"'
check "a matched program is killed" [ "$(attack_before plain /tmp/victim)" = killed ]
check_fails "another policy is refused until that is mended" llload /policies/second.o
check "with the reason" sh -c 'llload /policies/second.o 2>&1 | tee /dev/stderr | grep -q "first unload or replace policy victim"'
check_fails "a plain install of it too" llload /policies/victim.o
storm 2 0 /tmp/victim any > /tmp/storm.log &
storm=$!
check_fails "a replacement that can't be loaded" llload --name victim --replace /policies/missing.o
check "is no unload" sh -c 'llload list | grep -q "^victim"'
check "a good one is taken" llload --replace /policies/victim.o
sleep 1
kill $storm
wait $storm; check "meanwhile nothing was free" [ $? = 0 ]
cat /tmp/storm.log
check "confined" /tmp/victim
check "another policy now" llload /policies/second.o
check "which holds" sh -c '/tmp/cat /tmp/open && ! /tmp/cat /tmp/secret/file'
check "beside the first" /tmp/victim
check "unload" llload unload second

# /run is wiped under a living supervisor: another one doesn't take its place.
mv /run/landlatch /run/kept
check_fails "llload finds no supervisor, and doesn't start a second" llload /policies/second.o
check "with the reason" sh -c 'llload /policies/second.o 2>&1 | tee /dev/stderr | grep -q "a supervisor serves already"'
check "what is in force stays" /tmp/victim
rm -rf /run/landlatch; mv /run/kept /run/landlatch
check "it is found again" sh -c 'llload list | grep -q "^victim"'

# Tasks in their hold that get no processor while the supervisor dies and another takes over.
mkdir -p /sys/fs/cgroup/slow
echo +cpu > /sys/fs/cgroup/cgroup.subtree_control
echo "1000 1000000" > /sys/fs/cgroup/slow/cpu.max
( echo 0 > /sys/fs/cgroup/slow/cgroup.procs; exec storm 4 0 /tmp/victim any ) > /tmp/storm.log &
storm=$!
sleep 3
kill -9 $supervisor; wait $supervisor 2>/dev/null
start_supervisor
echo max > /sys/fs/cgroup/slow/cpu.max
sleep 2
kill $storm; wait $storm; check "throttled ones over a change of supervisors: nothing free" [ $? = 0 ]
cat /tmp/storm.log
sleep 1
check "nothing is left held" sh -c 'testgate control | tee /dev/stderr | grep -q "spinning=0 "'
check "confined" /tmp/victim
check "unload" llload unload victim
done_checks
