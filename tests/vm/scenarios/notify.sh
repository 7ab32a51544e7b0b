# SPDX-License-Identifier: Apache-2.0
# std/systemd with a real systemd and its journal: a confined unit tells that it is ready and writes lines as a free one does.
. /scenarios/lib.sh
# Whether a line of UNIT with TEXT comes into the journal.
says() { for _ in $(seq 30); do journalctl -o cat --no-pager | grep -q "^$1: $2" && return 0; sleep 0.1; done; return 1; }
check "the journal runs" systemctl is-active systemd-journald.service
check "the policy is in force" sh -c 'llload list --json | json /policies/0/name | grep -q told'
for unit in free told; do
    check "$unit: ready" systemctl start $unit
    check "$unit: its state is known" [ "$(systemctl show -p StatusText --value $unit)" = "$unit works" ]
    for way in "booted by systemd" "by standard output" "by a stream" "by syslog" "by the journal's protocol"; do
        check "$unit: $way" says $unit "$way"
    done
done
check "free: reads secrets" says free "read root:secret"
check "free: reads the journal" says free "read .* of the journal"
check "told: reads no secrets" says told "read cat: can't open .*Permission denied"
check_fails "told: reads the journal" says told "read .* of the journal"
done_checks
