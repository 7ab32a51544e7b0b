# SPDX-License-Identifier: Apache-2.0
# Rings without room. What enforces an exec must be had, or the exec is refused (before its point of no return) or killed
# (after it); what only tells of one is counted when it is lost, and holds up nobody.
. /scenarios/lib.sh
start_supervisor
cp /usr/bin/victim /tmp/; cp /usr/bin/victim /tmp/denied
check "install" llload /policies/victim.o
counter() { testgate control | grep -o "$1=[0-9]*"; }

# The supervisor must not empty the rings meanwhile: stopped, and every step here done before its heartbeat is old.
lost=$(counter lost_events)
kill -STOP $supervisor
testgate fill ll_events
/tmp/denied; denied=$?
check_fails "an unmatched program runs" /usr/bin/victim
kill -CONT $supervisor
check "no room to tell: denied all the same ($denied)" [ $denied = 126 ]
check "the loss is counted" [ "$(counter lost_events)" != "$lost" ]
check "and told" sh -c '/tmp/victim; sleep 0.3; llload events --no-follow --json | grep -q lost_before'

kill -STOP $supervisor
testgate fill ll_events
( /tmp/victim; echo $? > /tmp/code ) &
sleep 0.3
kill -CONT $supervisor
wait $!
check "no room to tell: confined all the same" [ "$(cat /tmp/code)" = 0 ]
sleep 1 # until it has emptied the ring

kill -STOP $supervisor
testgate fill ll_holds
/tmp/victim; refused=$?
kill -CONT $supervisor
check "no room for holds: refused before the point of no return ($refused)" [ $refused = 126 ]
check "with the reason" told "refused .*behind with"

# Room when the gate looks, none when the hold asks for it: a second gate of ours takes it in between.
check "confined again" /tmp/victim
holds=$(counter lost_holds)
testgate steal > /tmp/steal.log 2>&1 &
steal=$!
until grep -q ready /tmp/steal.log; do sleep 0.1; done
kill -STOP $supervisor
/tmp/victim; killed=$?
kill -CONT $supervisor
kill $steal
check "no room in the hold: killed ($killed)" [ $killed = 137 ]
check "counted" [ "$(counter lost_holds)" != "$holds" ]
check "with the reason" told "killed .*no room to tell"
check "confined again" /tmp/victim

# More at once than may be held.
kill $supervisor; wait $supervisor
start_supervisor --max-held 1
storm 6 10 /tmp/victim any > /tmp/storm.log; check "one held at once: nothing free" [ $? = 0 ]
cat /tmp/storm.log
check "some were refused" sh -c 'grep -q " [1-9][0-9]* refused" /tmp/storm.log'
check "some were confined" sh -c 'grep -q " [1-9][0-9]* confined" /tmp/storm.log'

# One user may not have all of it: with a supervisor that takes nobody for a moment, he fills his share, and root's waits.
kill $supervisor; wait $supervisor
start_supervisor --max-held 16 --hold-limit 4000
chmod 755 /tmp/victim
kill -STOP $supervisor
launch 1000 1000 /usr/bin/storm 30 1 /tmp/victim any > /tmp/storm.log &
storm=$!
sleep 1
testgate control
attack_before plain /tmp/victim > /tmp/roots &
roots=$!
sleep 0.3
kill -CONT $supervisor
wait $roots $storm
cat /tmp/storm.log
check "a user has no more than his share" sh -c 'grep -q " [1-9][0-9]* refused" /tmp/storm.log'
check "and gets that" sh -c 'grep -q " [1-9][0-9]* confined, 0 free, 0 killed" /tmp/storm.log'
check "root is served all the same: $(cat /tmp/roots)" [ "$(cat /tmp/roots)" = confined ]
done_checks
