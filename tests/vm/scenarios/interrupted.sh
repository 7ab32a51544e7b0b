# SPDX-License-Identifier: Apache-2.0
# llload killed in the middle of what it asks for, fifty times, and the supervisor in the middle of an install: what is in
# force is whole afterwards, nothing half is left, and no matched program is free while `list` says that its policy is in
# force.
. /scenarios/lib.sh
cp /usr/bin/victim /usr/bin/storm /tmp/
cp /bin/busybox /tmp/cat
mkdir /tmp/secret; echo secret > /tmp/secret/file; echo open > /tmp/open
check_fails "free before" /tmp/victim
start_supervisor
generation() { llload list --json | tr '{' '\n' | grep "\"name\":\"$1\"" | grep -o '"generation":[0-9]*'; }
# A number below $1, another each time.
some() { echo $(($(od -An -N2 -tu2 /dev/urandom) % $1)); }
# How long one takes here, in ms: it is killed somewhere in that time, or a little after.
now() { read -r up rest < /proc/uptime; echo "$(echo "$up" | tr -d .)0" | sed 's/^0*//'; }
from=$(now); llload --no-start /policies/victim.o; took=$(($(now) - from))
echo "an install takes $took ms"
check "confined" /tmp/victim
check "unload" llload unload victim
pause() { usleep $(($(some $((took * 3 / 2))) * 1000)); }

# Looks, as long as it may: what `list` says before and after an exec was so during it.
watch() {
    looks=0; free=0
    until [ -e /tmp/enough ]; do
        before=$(generation victim)
        /tmp/victim 2>/dev/null; code=$?
        [ -n "$before" ] || continue
        [ "$(generation victim)" = "$before" ] || continue
        looks=$((looks + 1))
        [ $code != 1 ] || { free=$((free + 1)); echo "free in $before"; }
    done
    echo "$looks looks, $free free" > /tmp/watched
}
watch &
watch=$!
killed=0; ended=0
for round in $(seq 50); do
    case $((round % 3)) in
        1) set -- /policies/victim.o ;;
        2) set -- --replace /policies/victim.o ;;
        0) set -- unload victim ;;
    esac
    llload "$@" > /tmp/out 2>&1 & # install, replace, unload in turn
    client=$!
    if [ $((round % 5)) != 0 ]; then
        pause
        kill -9 $client 2>/dev/null
    fi
    wait $client 2>/dev/null
    if [ $? = 137 ]; then killed=$((killed + 1)); else ended=$((ended + 1)); fi
done
echo "$killed were killed, $ended had done it"
check "some were killed" [ $killed -ge 10 ]
check "some were not" [ $ended -ge 5 ]
touch /tmp/enough; wait $watch; cat /tmp/watched
check "the watch has looked" grep -q "^[1-9][0-9]* looks" /tmp/watched
check "nothing was free while list said that it was in force" grep -q " 0 free" /tmp/watched

# Whatever is under way is done before another's turn.
check_fails "the end of what is under way: unload of nothing" llload unload nothing
whole() {
    for name in $(ls /run/landlatch) $(ls /sys/fs/bpf/landlatch); do
        case $name in control|lock|victim|second|'~hold'[0-9]*) ;; *) echo "left: $name"; return 1 ;; esac
    done
    for name in victim second; do
        if [ -n "$(generation $name)" ]; then
            [ -e /run/landlatch/$name/policy.o ] && [ -e /run/landlatch/$name/state.json ] || { echo "$name has no files"; return 1; }
            [ -e /sys/fs/bpf/landlatch/$name/ll_gate ] || { ls /sys/fs/bpf/landlatch/$name; echo "$name has no gate"; return 1; }
        elif [ -e /run/landlatch/$name ] || [ -e /sys/fs/bpf/landlatch/$name ]; then
            echo "$name isn't in force, and has files"; return 1
        fi
    done
}
check "nothing half is left" whole
if [ -n "$(generation victim)" ]; then check "in force, as it says" /tmp/victim; else check_fails "free, as it says" /tmp/victim; fi

# The supervisor killed somewhere in an install or a replacement. What was in force before is refused or held, never free.
[ -n "$(generation victim)" ] || llload /policies/victim.o
check "in force" /tmp/victim
storm 2 0 /tmp/victim any > /tmp/storm.log &
storm=$!
good=1; cut=0
for round in $(seq 8); do
    if [ $((round % 2)) = 0 ]; then set -- --replace /policies/victim.o; else set -- --replace /policies/second.o; fi
    llload --no-start "$@" > /tmp/out 2>&1 &
    client=$!
    pause
    kill -9 $supervisor || good=0
    wait $supervisor 2>/dev/null
    start_supervisor # which the client waits for, where it hadn't asked yet
    wait $client; code=$?
    [ $code = 0 ] || cut=$((cut + 1))
    llload unload nothing 2>/dev/null
    echo "round $round: $1 $2: code $code, $(head -1 /tmp/out)"
    [ $code != 0 ] || [ -n "$(generation "$(basename "$2" .o)")" ] || { echo "it said that it was done"; good=0; }
    [ -n "$(generation victim)" ] || { echo "the first is lost"; good=0; }
    whole || good=0
    /tmp/victim || { echo "not confined"; good=0; }
    if [ -n "$(generation second)" ]; then
        ! /tmp/cat /tmp/secret/file 2>/dev/null || { echo "the second isn't in force"; good=0; }
    else
        /tmp/cat /tmp/secret/file > /dev/null || { echo "the second is in force"; good=0; }
    fi
    [ $((round % 4)) != 0 ] || llload unload second 2>/dev/null
done
check "a supervisor killed in an install: the next one has all that was in force, whole" [ $good = 1 ]
check "some were cut off: $cut" [ $cut -ge 1 ]
sleep 1
kill $storm; wait $storm; check "nothing of it was free meanwhile" [ $? = 0 ]
cat /tmp/storm.log
check "some were confined" grep -q "storm: [1-9]" /tmp/storm.log
check "nothing is left held" sh -c 'testgate control | grep -q "spinning=0 "'

# The client that starts the supervisor is killed: whichever moment it was, another one gets it done.
[ -z "$(generation second)" ] || llload unload second
llload unload victim
kill $supervisor; wait $supervisor
check "nothing is left" sh -c '[ -z "$(ls /sys/fs/bpf/landlatch)" ] && [ ! -S /run/landlatch/control ]'
for round in $(seq 4); do
    llload --replace /policies/victim.o > /tmp/out 2>&1 &
    client=$!
    usleep $((round * round * 100000))
    kill -9 $client 2>/dev/null
    wait $client 2>/dev/null
done
check "another one" llload --replace /policies/victim.o
check "confined" /tmp/victim
check "one supervisor" sh -c '[ $(pidof llload | wc -w) = 1 ]'
check "nothing half is left" whole
check "unload" llload unload victim
sleep 1
check "nothing is left" sh -c '[ -z "$(ls /sys/fs/bpf/landlatch)" ] && [ ! -S /run/landlatch/control ]'
check_fails "free then" /tmp/victim
done_checks
