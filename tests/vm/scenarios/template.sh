# SPDX-License-Identifier: Apache-2.0
# A policy with a gate of one's own (examples/gates/no-world-writable.bpf.c): its rule, and the policy as ever.
. /scenarios/lib.sh
cp /usr/bin/victim /usr/bin/first /tmp/
cp /usr/bin/victim /tmp/denied
cp /bin/busybox /tmp/true
check "an open file runs before" sh -c 'chmod 777 /tmp/true && /tmp/true'
check "install" llload --name victim /policies/victim_template.o
check "the policy confines" /tmp/victim
check "and denies" sh -c '/tmp/denied 2>&1 | grep -qi "not permitted"'
check "the template refuses a file that everyone may write" sh -c '/tmp/true 2>&1 | grep -qi "not permitted"'
check "closed, it runs" sh -c 'chmod 755 /tmp/true && /tmp/true'
check "show names its program" sh -c 'llload show victim --json | tee /dev/stderr | grep -q refuse_writable'
check "audit refuses nothing" sh -c 'llload --replace --audit --name victim /policies/victim_template.o && chmod 777 /tmp/true && /tmp/true'
check "unload" llload unload victim
sleep 1
check "and it is gone" /tmp/true
done_checks
