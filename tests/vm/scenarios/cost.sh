# SPDX-License-Identifier: Apache-2.0
# What the gate costs: sizes and the verifier's work for policies of 1, 100 and 10,000 rules, and the time of an exec that
# no rule matches and of one that is confined, against the same exec without any policy. Ratios of one run, in which
# time is best instructions (scripts/vm --count); the checks are wide bounds. cost [EXECS]
. /scenarios/lib.sh
execs=${1:-40}
cp /usr/bin/victim_raw /tmp/victim; cp /usr/bin/victim_raw /tmp/other
once() { storm 1 "$execs" "$1" any | sed 's/.*, \([0-9.]*\) ms an exec/\1/'; }
# The least of five: what disturbs only adds.
took() { for _ in 1 2 3 4 5; do once "$1"; done | sort -n | head -1; }
ratio() { awk -v a="$1" -v b="$2" 'BEGIN { printf "%.2f", a / b }'; }
took /tmp/other > /dev/null # warm
none=$(took /tmp/other)
echo "no policy: $none ms an exec"
for rules in 1 100 10000; do
    check "install $rules rules" llload --name rules /policies/rules_$rules.o
    llload show rules | grep -E "program|memory"
    took /tmp/other > /dev/null
    unmatched=$(took /tmp/other)
    matched=$(took /tmp/victim)
    again=$(ratio "$unmatched" "$none")
    echo "$rules rules: unmatched $unmatched ms ($again of no policy), matched $matched ms ($(ratio "$matched" "$none"))"
    [ $rules != 1 ] || one=$unmatched
    check "unmatched: less than three times as long as without" awk -v r="$again" 'BEGIN { exit !(r < 3) }'
    llload unload rules > /dev/null
    sleep 1
done
check "10,000 rules cost about what one does" awk -v a="$unmatched" -v b="$one" 'BEGIN { exit !(a < 3 * b) }'
echo "no policy, at the end: $(took /tmp/other) ms an exec"
done_checks
