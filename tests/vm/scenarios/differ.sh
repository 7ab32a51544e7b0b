# SPDX-License-Identifier: Apache-2.0
# Generated execs are decided alike by the letter of the language (a plain evaluator, run when this was built), by
# userspace's matcher, by the BPF gate in audit mode, by llload enforcing, and by llrun: differ [EXECS [POLICY [BACKEND]]].
# POLICY is one that decides as `differ` does.
. /scenarios/lib.sh
execs=${1:-3000} policy=${2:-differ} backend=${3:-auto} seed=1
differ prepare
head -"$execs" /policies/differ.plain > /tmp/expected
check "there are $execs execs" [ "$(wc -l < /tmp/expected)" = "$execs" ]
# Refused, or left with 0 to 5 of its rights: each kind often enough to say something.
check "of all seven kinds" sh -c 'sed "s/.*: //" /tmp/expected | sort | uniq -c | tee /dev/stderr | awk "\$1 >= $(wc -l < /tmp/expected) / 50 { kinds++ } END { exit kinds != 7 }"'
# same WHAT FILE [PATTERN]: FILE has the same lines as expected, but for those of PATTERN.
same() {
    grep -v "${3:-^$}" /tmp/expected > /tmp/wanted; grep -v "${3:-^$}" "$2" > /tmp/got
    check "$1: $(wc -l < /tmp/got) execs as expected" cmp -s /tmp/wanted /tmp/got
    diff /tmp/wanted /tmp/got | grep '^[-+][0-9]' | head -20
}
differ expect 0 "$execs" $seed "/policies/$policy.o" > /tmp/matcher
same "the matcher" /tmp/matcher

check "install in audit mode" llload --audit "/policies/$policy.o"
llload events --json > /tmp/events &
events=$!
differ run 0 "$execs" $seed > /tmp/free
check_fails "audit enforces nothing" grep -v ": left 0$" /tmp/free
sleep 1
kill $events
check "no event was lost" sh -c '! grep -e lost_before -e missed_before /tmp/events'
differ audited 0 "$execs" $seed /tmp/differ.pids < /tmp/events > /tmp/audited
same "the gate in audit mode" /tmp/audited

check "install" llload --replace --backend "$backend" "/policies/$policy.o"
differ run 0 "$execs" $seed > /tmp/enforced
same "llload" /tmp/enforced
check "unload" llload unload "$policy"
# llrun decides at the exec stop: what it refuses ends by SIGKILL. Under it set-user-ID has no effect (docs/llrun.md).
llrun "/policies/$policy.o" -- differ run 0 "$execs" $seed 2>/tmp/tree.err | sed 's/signal 9$/refused/' > /tmp/tree
same "llrun" /tmp/tree " /tmp/d/suid "
tail -3 /tmp/tree.err
done_checks
