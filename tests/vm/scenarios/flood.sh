# SPDX-License-Identifier: Apache-2.0
# More execs than can be told of: each is enforced all the same, and those not told of are counted, to the last one.
. /scenarios/lib.sh
cp /usr/bin/victim /tmp/denied; cp /usr/bin/victim /tmp/
/tmp/denied; check "free before" [ $? = 1 ]
start_supervisor
check "install" llload /policies/victim.o
execs=6000
llload events --json > /tmp/events & follower=$!
sleep 1
flood $execs /tmp/denied; check "each of $execs was refused" [ $? = 0 ]
check "meanwhile a program is confined" /tmp/victim
sleep 2
/tmp/denied 2>/dev/null # tells what was lost before it
sum() { grep -o "\"$1\":[0-9]*" /tmp/events | cut -d: -f2 | { total=0; while read -r n; do total=$((total + n)); done; echo $total; }; }
for _ in $(seq 50); do tail -1 /tmp/events | grep -q denied && break; sleep 0.1; done
sleep 1
kill $follower
told=$(grep -c '"event":"denied"' /tmp/events); lost=$(sum lost_before); missed=$(sum missed_before)
echo "$told told, $lost lost, $missed missed by the one who listens, $(grep -c '"event":"applied"' /tmp/events) applied"
check "some were told" [ $told -ge 100 ]
check "some were not told of, and counted" [ $((lost + missed)) -ge 1 ]
others=$(grep -c '"event":"applied"' /tmp/events)
check "all are accounted for" [ $((told + lost + missed + others)) = $((execs + 2)) ]
check "no second has more than 2,000" sh -c 'grep -o "\"time\":\"[^.]*" /tmp/events | sort | uniq -c | sort -n | tail -1 | { read -r n rest; echo "at most $n in a second"; [ "$n" -le 2000 ]; }'
check "the policy counts every one" [ "$(llload list --json | json /policies/0/denied)" -ge $told ]

# Nobody takes what is told: however slow the machine, it is more than there is room for.
llload events --json > /tmp/events & follower=$!
sleep 1
kill -STOP $supervisor
flood $execs /tmp/denied; check "each is refused with a supervisor that stands still" [ $? = 0 ]
kill -CONT $supervisor
until_so grep -q denied /tmp/events; sleep 2
/tmp/denied 2>/dev/null; sleep 2
kill $follower
lost=$(sum lost_before)
echo "$lost lost"
check "some were lost, and counted" [ $lost -ge 1 ]
check "the journal keeps no more than it says" [ "$(llload events --no-follow | wc -l)" -le 256 ]

done_checks
