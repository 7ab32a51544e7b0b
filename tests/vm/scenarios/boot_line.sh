# SPDX-License-Identifier: Apache-2.0
# A machine that was booted without bpf or without landlock (the argument) in lsm=: what to boot with is said, and
# nothing is done.
. /scenarios/lib.sh
missing=$1
cp /usr/bin/victim /tmp/
list=/sys/kernel/security/lsm
check_fails "$missing isn't in $(cat $list)" grep -qw "$missing" $list
line="lsm=$(tr ',' '\n' < $list | grep -vx capability | tr '\n' ','),$missing"
line=$(echo "$line" | sed 's/,,/,/g')
check_fails "free before" /tmp/victim

refuses() { # WHAT COMMAND…: exit code 3, and the line, whole
    what=$1; shift
    "$@" > /tmp/out 2>&1; code=$?
    cat /tmp/out
    check "$what: exit code 3 ($code)" [ $code = 3 ]
    check "$what: the boot line" grep -q "boot with: $line\$" /tmp/out
}
refuses "check" llload check
refuses "check of a policy" llload check /policies/victim.o
refuses "install" llload /policies/victim.o
refuses "replace" llload --replace /policies/victim.o
refuses "audit" llload --audit /policies/victim.o
refuses "supervise" llload supervise
refuses "supervise as a backend" llload --backend supervise /policies/victim.o
llload check --json > /tmp/out; code=$?
check "check --json: exit code 3" [ $code = 3 ]
check "check --json: ok is false" sh -c 'json /ok < /tmp/out | grep -q false'
check "check --json: the boot line" sh -c "json /backends/2/why < /tmp/out | grep -q 'boot with: $line'"
check "nothing is pinned" [ -z "$(ls -A /sys/fs/bpf)" ]
check "nothing is left under /run" [ ! -e /run/landlatch ]
check "no llload is left" sh -c '! pidof llload'
check_fails "the program is as free as before" /tmp/victim

if [ "$missing" = bpf ]; then
    check "llrun confines" llrun /policies/victim.o -- /tmp/victim
else
    llrun /policies/victim.o -- /tmp/victim > /tmp/out 2>&1; code=$?
    cat /tmp/out
    check "llrun doesn't run it ($code)" [ $code != 0 ]
    check "with the reason" grep -qi landlock /tmp/out
    llrun /policies/victim.o -- /bin/touch /tmp/ran 2>/dev/null
    check "at all" [ ! -e /tmp/ran ]
fi
done_checks
