# SPDX-License-Identifier: Apache-2.0
# 22: programs without a vDSO (vdso=0 on the kernel's command line), whose `syscall` instruction the injection uses.
. /scenarios/lib.sh
cp /usr/bin/victim /usr/bin/victim_dynamic /tmp/
check_fails "no program has a vDSO" grep -q vdso /proc/self/maps
check_fails "free before" /tmp/victim
llload /policies/victim.o > /tmp/out 2>&1; code=$?
cat /tmp/out
check "22: llload refuses such a kernel" [ $code = 3 ]
check "with the reason" grep -q "vDSO" /tmp/out
check "nothing is pinned" [ -z "$(ls /sys/fs/bpf/landlatch 2>/dev/null)" ]
check_fails "the program is as free as before" /tmp/victim
# llrun writes the instruction over the program's first and puts that back.
for program in victim victim_dynamic victim_raw; do
    cp /usr/bin/$program /tmp/victim_now
    check_fails "22: $program without llrun" /tmp/victim_now
    check "22: $program under llrun" llrun /policies/victim.o -- /tmp/victim_now
done
check "a program that executes itself 10 times" sh -c "cp /usr/bin/reexec /tmp/victim_reexec; llrun /policies/victim.o -- /tmp/victim_reexec 10"
done_checks
