# SPDX-License-Identifier: Apache-2.0
# llrun, under each scope of Yama, and with programs in its tree that get no processor for a while.
. /scenarios/lib.sh
cp /usr/bin/victim /tmp/
scope() { echo $1 > /proc/sys/kernel/yama/ptrace_scope; }
as_user() { launch 1000 1000 "$@"; }
tree() { llrun /policies/victim.o -- "$@"; }
as_user_tree() { as_user /usr/bin/llrun /policies/victim.o -- "$@"; }
check_fails "free before" /tmp/victim

for scope in 0 1; do
    scope $scope
    check "scope $scope: confined" tree /tmp/victim
    check "scope $scope: confined for a user" as_user_tree /tmp/victim
done
scope 2
check "scope 2: confined" tree /tmp/victim
as_user_tree /bin/touch /tmp/ran 2> /tmp/why; code=$?
check "scope 2: a user's tree isn't begun ($code)" [ $code != 0 ]
check "scope 2: with the reason" sh -c 'tee /dev/stderr < /tmp/why | grep -q "ptrace_scope"'
check "scope 2: nothing of it ran" [ ! -e /tmp/ran ]
scope 1

# A branch that is frozen in whatever it does then. Where that is in the middle of being confined, the others wait for five
# seconds, and what can't be confined is killed.
mkdir /sys/fs/cgroup/cold
cat > /tmp/branch.sh <<'TEXT'
# branch.sh NAME [CGROUP]: execs a victim again and again, one line each.
[ -z "$2" ] || echo $$ > $2/cgroup.procs
while [ ! -e /tmp/enough ]; do
    /tmp/victim > /dev/null 2>&1
    case $? in 0) echo confined ;; 137) echo killed ;; *) echo free ;; esac
done > /tmp/done.$1
TEXT
tree /bin/sh -c '/bin/sh /tmp/branch.sh cold /sys/fs/cgroup/cold & /bin/sh /tmp/branch.sh warm; wait' & tree=$!
lines() { wc -l < /tmp/done.$1; }
grown() { [ "$(lines $1)" -gt $2 ]; }
until_so [ -s /tmp/done.cold ]; until_so [ -s /tmp/done.warm ]
check "both branches run" [ -s /tmp/done.cold -a -s /tmp/done.warm ]
held_up=0; frozen=0
for round in $(seq 10); do
    echo 1 > /sys/fs/cgroup/cold/cgroup.freeze
    until_so grep -q "frozen 1" /sys/fs/cgroup/cold/cgroup.events
    grep -q "frozen 1" /sys/fs/cgroup/cold/cgroup.events && frozen=$((frozen + 1))
    warm=$(lines warm)
    until_so grown warm $((warm + 3))
    grown warm $((warm + 3)) || held_up=$((held_up + 1))
    cold=$(lines cold)
    echo 0 > /sys/fs/cgroup/cold/cgroup.freeze
    until_so grown cold $cold
    grown cold $cold || held_up=$((held_up + 1))
done
check "frozen ten times: $frozen" [ "$frozen" = 10 ]
check "the other went on, and the frozen one then" [ $held_up = 0 ]

# A branch that gets a thousandth of a processor.
echo +cpu > /sys/fs/cgroup/cgroup.subtree_control
echo "1000 1000000" > /sys/fs/cgroup/cold/cpu.max
warm=$(lines warm)
until_so grown warm $((warm + 20))
check "throttled: the other goes on" grown warm $((warm + 20))
echo max > /sys/fs/cgroup/cold/cpu.max
touch /tmp/enough
wait $tree; check "the tree ends ($?)" [ $? = 0 ]
echo "$(lines cold) and $(lines warm) execs, $(cat /tmp/done.* | grep -c killed) killed"
check "most were confined" [ "$(cat /tmp/done.* | grep -c confined)" -gt $(($(lines warm) / 2)) ]
check "nothing was free" sh -c '! grep free /tmp/done.cold /tmp/done.warm'

# Last: it can't be undone.
scope 3
tree /bin/touch /tmp/ran 2> /tmp/why; code=$?
check "scope 3: not begun ($code)" [ $code != 0 ]
check "scope 3: with the reason" sh -c 'tee /dev/stderr < /tmp/why | grep -q "ptrace_scope"'
check "scope 3: nothing of it ran" [ ! -e /tmp/ran ]
done_checks
