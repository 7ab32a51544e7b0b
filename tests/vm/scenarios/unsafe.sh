# SPDX-License-Identifier: Apache-2.0
# 14: a kernel that can't be made safe is refused. This one loses a mark now and then, by a BPF program of ours: the
# self-test of the hold finds programs that ran free, and nothing is attached.
# 20: a supervisor that can't suspend seccomp filters, as it is under one itself.
. /scenarios/lib.sh
cp /usr/bin/victim /tmp/
refused() { # by COMMAND, with the reason
    testgate lose > /tmp/lose.log 2>&1 &
    lose=$!
    "$@" > /tmp/out 2>&1; code=$?
    cat /tmp/out /tmp/lose.log
    check "the marks were lost" grep -q ready /tmp/lose.log
    check "14: refused with exit code 3: $*" [ $code = 3 ]
    check "with the reason" grep -q "self-test of the hold failed: a program ran that was not confined" /tmp/out
    check "nothing is pinned" [ -z "$(ls /sys/fs/bpf/landlatch 2>/dev/null)" ]
    kill $lose; wait $lose 2>/dev/null
    check_fails "nothing decides: the program is as free as before" /tmp/victim
    check "no supervisor is left" sh -c '! pidof llload'
    check_fails "and none answers" sh -c 'llload list --json | grep -q generation'
}
refused llload /policies/victim.o
refused llload supervise
refused llload --foreground /policies/victim.o
filtered llload /policies/victim.o > /tmp/out 2>&1; code=$?
cat /tmp/out
check "20: refused under a seccomp filter, with exit code 3" [ $code = 3 ]
check "with the reason" grep -q "seccomp filters" /tmp/out
check "nothing is pinned" [ -z "$(ls /sys/fs/bpf/landlatch 2>/dev/null)" ]
check_fails "nothing decides" /tmp/victim
check "the same kernel without the loss will do" llload /policies/victim.o
check "and confines" /tmp/victim
done_checks
