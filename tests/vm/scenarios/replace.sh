# SPDX-License-Identifier: Apache-2.0
# A loop of execs counts zero unconfined while the policy is replaced: replace [TIMES].
. /scenarios/lib.sh
times=${1:-100}
cp /usr/bin/victim /tmp/
check "install" llload /policies/victim.o
storm 2 0 /tmp/victim any > /tmp/storm.log &
storm=$!
replaced=0
while [ $replaced -lt "$times" ]; do
    llload --replace /policies/victim.o > /dev/null || break
    replaced=$((replaced + 1))
done
check "$replaced of $times replaces" [ $replaced = "$times" ]
kill $storm
wait $storm; check "nothing free during them" [ $? = 0 ]
cat /tmp/storm.log
check "some were confined" sh -c 'grep -q "storm: [1-9][0-9]* confined" /tmp/storm.log'
check "none was killed or refused" grep -q " 0 free, 0 killed, 0 refused, 0 stops" /tmp/storm.log
check "and confined after them" /tmp/victim
check "one policy is installed" sh -c 'llload list --json | grep -o "\"generation\"" | wc -l | grep -q 1'
done_checks
