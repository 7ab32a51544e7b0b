# SPDX-License-Identifier: Apache-2.0
# Generated execs are decided alike by userspace's matcher from given facts, by the BPF gate in audit mode (rule by rule),
# by llload enforcing, and by llrun: differ [EXECS] [SEED].
. /scenarios/lib.sh
execs=${1:-300} seed=${2:-1}
differ prepare
differ expect 0 "$execs" "$seed" /policies/differ.o > /tmp/expected
check "the execs are of many kinds" sh -c '[ "$(sed "s/.*: //" /tmp/expected | sort | uniq -c | tee /dev/stderr | wc -l)" -ge 6 ]'
same() { cmp -s "$1" "$2" || { diff "$1" "$2" | grep '^[-+]' | head -20; diff "$1" "$2" | grep -c '^+[0-9]'; false; }; }

hits() { llload show differ --json | json /rules | tr '}' '\n' | sed -n 's/.*"hits":\([0-9]*\).*/\1/p' | tr '\n' ',' | sed 's/^/[/; s/,$/]/'; }
check "install in audit mode" llload --audit /policies/differ.o
different=0
at=0
while [ $at -lt "$execs" ]; do # in small parts, so that what is wrong can't cancel out
    differ run $at $((at + 50)) "$seed" > /tmp/audited
    sleep 0.3
    differ rules 0 $((at + 50)) "$seed" /policies/differ.o > /tmp/rules
    [ "$(hits)" = "$(cat /tmp/rules)" ] || { different=$((different + 1)); hits; echo; cat /tmp/rules; }
    at=$((at + 50))
done
check "the gate decides by the same rules, $execs execs in parts of 50" [ $different = 0 ]
check "no event was lost" sh -c '[ "$(llload show differ --json | json /hold/lost_events)" = 0 ]'
check_fails "audit enforced nothing" grep -v ": left 0$" /tmp/audited

check "install" llload --replace /policies/differ.o
differ run 0 "$execs" "$seed" > /tmp/enforced
check "llload: every exec as expected" same /tmp/expected /tmp/enforced
check "unload" llload unload differ
# llrun decides at the exec stop: what it refuses ends by SIGKILL (docs/llrun.md).
llrun /policies/differ.o -- differ run 0 "$execs" "$seed" 2>/tmp/tree.err | sed 's/signal 9$/refused/' > /tmp/tree
check "llrun: every exec as expected" same /tmp/expected /tmp/tree
tail -3 /tmp/tree.err
done_checks
