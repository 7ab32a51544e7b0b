# SPDX-License-Identifier: Apache-2.0
# Policies that another version of llload has installed: they refuse what they match until they are replaced, one by one,
# and at no moment does a matched program run free.
. /scenarios/lib.sh
cp /usr/bin/victim /usr/bin/storm /tmp/
cp /bin/busybox /tmp/cat
echo open > /tmp/open; mkdir /tmp/secret; echo secret > /tmp/secret/file
pins=/sys/fs/bpf/landlatch
check_fails "free before" /tmp/victim
start_supervisor
check "install" llload /policies/victim.o
check "a second" llload /policies/second.o
check "confined" /tmp/victim
hold=$(basename $pins/~hold*)

# Another version's supervisor that lives, though its socket is gone.
mv $pins/$hold $pins/~hold1
mv /run/landlatch /run/kept
check_fails "none is started beside it" llload --name other /policies/victim.o
check "with the reason" sh -c 'llload /policies/second.o 2>&1 | tee /dev/stderr | grep -q "a supervisor serves already"'
rm -rf /run/landlatch; mv /run/kept /run/landlatch

# It is gone, and ours takes its place.
storm 2 0 /tmp/victim any > /tmp/storm.log &
storm=$!
kill -9 $supervisor; wait $supervisor 2>/dev/null
sed -i 's/"hold":[0-9]*/"hold":1/' /run/landlatch/*/state.json
check "as of another version" grep -q '"hold":1,' /run/landlatch/victim/state.json
start_supervisor
check "it has a hold of its own" [ -d $pins/$hold ]
check "both are listed with the problem" sh -c '[ "$(llload list | tee /dev/stderr | grep -c "another version of llload")" = 2 ]'
check "what they match is refused" [ "$(attack_before plain /tmp/victim)" = refused ]
check_fails "no plain install of it" llload /policies/victim.o
check "another policy can be installed" llload --name third /policies/second.o
check "replace the first" llload --replace /policies/victim.o
check "the other refuses still" [ "$(attack_before plain /tmp/victim)" = refused ]
check "and has its hold" [ -d $pins/~hold1 ]
check "replace the other" llload --replace /policies/second.o
sleep 1
kill $storm; wait $storm; check "nothing was free all the while" [ $? = 0 ]
cat /tmp/storm.log
check "confined" /tmp/victim
check "by the other too" sh -c '/tmp/cat /tmp/open && ! /tmp/cat /tmp/secret/file'
check "the old hold is gone" [ ! -e $pins/~hold1 ]
check "three policies without a problem" sh -c '[ "$(llload list --json | grep -o \"generation\" | wc -l)" = 3 ] && ! llload list | grep problem'

# Out of force instead of replaced; and by an llload that starts its own supervisor.
llload unload third > /dev/null
kill -9 $supervisor; wait $supervisor 2>/dev/null
mv $pins/$hold $pins/~hold1
sed -i 's/"hold":[0-9]*/"hold":1/' /run/landlatch/*/state.json
check "unload" llload unload victim
check "unload the other" llload unload second
check_fails "free" /tmp/victim
until_gone
check "nothing is left" [ -z "$(ls $pins)" ]

# Told to start none, llload waits for one.
check_fails "none comes" timeout 2 llload --no-start /policies/victim.o
( sleep 2; exec llload supervise > /tmp/late.log 2>&1 ) &
check "one comes" llload --no-start /policies/victim.o
check "confined" /tmp/victim
check "unload" llload unload --no-start victim
done_checks
