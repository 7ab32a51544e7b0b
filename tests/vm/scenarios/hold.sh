# SPDX-License-Identifier: Apache-2.0
# The hold itself, with the test gate: every program whose image lies under /tmp/victim* is confined before its first
# instruction, its parent sees no stop, and nothing runs free.
. /scenarios/lib.sh
# hold [EXECS [MODE]]: execs of each of 8 parents; the kernel's preemption must be MODE then.
if [ -n "$2" ]; then
    mount -t debugfs debugfs /sys/kernel/debug
    check "preemption is $2: $(cat /sys/kernel/debug/sched/preempt)" grep -q "($2)" /sys/kernel/debug/sched/preempt
fi
start_supervisor
start_testgate
for kind in victim victim_dynamic victim_raw; do
    cp "/usr/bin/$kind" "/tmp/$kind"
    check "$kind is confined in its first act" "/tmp/$kind"
    check_fails "the same outside of the rule is free" "/usr/bin/$kind"
done
check "the program finds everything as it was" sh -c '/tmp/victim show | tee /dev/stderr | grep -q "confined=1 nnp=1 dumpable=1 fd=3"'
check "a storm of execs" storm 8 "${1:-25}" /tmp/victim
check "a storm of execs of a dynamic program" storm 4 10 /tmp/victim_dynamic
testgate control
check "no time-out, no kill by the backstop" sh -c 'testgate control | grep -q "spinning=0 .*timeouts=0 backstop=0"'
done_checks
