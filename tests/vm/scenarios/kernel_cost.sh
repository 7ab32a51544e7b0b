# SPDX-License-Identifier: Apache-2.0
# What it costs to put a ruleset on an exec: by each backend, and by a wrapper that builds it itself before each exec.
# Ratios of one run in one machine. On the kernel of tests/kernel. kernel_cost [EXECS]
. /scenarios/lib.sh
execs=${1:-60}
cp /usr/bin/victim_raw /tmp/victim; cp /usr/bin/victim_raw /tmp/other; cp /usr/bin/wrapper /tmp/wrapper
once() { storm 1 "$execs" "$1" any | sed 's/.*, \([0-9.]*\) ms an exec/\1/'; }
# The least of five: what disturbs only adds.
took() { for _ in 1 2 3 4 5; do once "$1"; done | sort -n | head -1; }
ratio() { awk -v a="$1" -v b="$2" 'BEGIN { printf "%.2f", a / b }'; }
took /tmp/other > /dev/null # warm
none=$(took /tmp/other)
echo "no policy: $none ms an exec"
check "the wrapper confines" /tmp/wrapper
wrapper=$(took /tmp/wrapper)
echo "wrapper: $wrapper ms an exec, $(ratio "$wrapper" "$none") of none"
for backend in kernel-map kernel-object supervise; do
    check "install on $backend" llload --backend $backend /policies/victim.o
    took /tmp/victim > /dev/null
    time=$(took /tmp/victim)
    unmatched=$(took /tmp/other)
    check "confined" /tmp/victim
    echo "$backend: matched $time ms ($(ratio "$time" "$none") of none, $(ratio "$time" "$wrapper") of the wrapper), unmatched $unmatched ms ($(ratio "$unmatched" "$none"))"
    llload unload victim > /dev/null
    sleep 1
done
echo "no policy, at the end: $(took /tmp/other) ms an exec"
done_checks
