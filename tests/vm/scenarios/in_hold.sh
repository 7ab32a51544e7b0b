# SPDX-License-Identifier: Apache-2.0
# What a process of the same user does to a program that is held for its confinement: looks into it, writes to it, stops
# and continues it. The supervisor is stopped meanwhile, so that the moment lasts.
. /scenarios/lib.sh
echo 0 > /proc/sys/kernel/yama/ptrace_scope
cp /usr/bin/victim /tmp/; cp /usr/bin/reexec /tmp/other; cp /usr/bin/reexec /tmp/victim_sleeper
start_supervisor --hold-limit 20000
check_fails "free before" /tmp/victim
check "install" llload /policies/victim.o
as_user() { launch 1000 1000 "$@"; }
counter() { testgate control | grep -o "$1=[0-9]*" | sed 's/.*=//'; }
# Starts a victim of the user's and leaves it in its hold: $held is its process, $starter who waits for it.
hold_one() {
    kill -STOP $supervisor
    as_user /tmp/victim & starter=$!
    for _ in $(seq 50); do testgate control | grep -q "spinning=1 " && break; sleep 0.05; done
    held=$(pidof victim)
    check "$1: one is held" [ -n "$held" ]
}
let_go() { kill -CONT $supervisor; }

as_user /tmp/other sleep & sleep 0.5
as_user /usr/bin/thief once $(pidof other) > /tmp/ways; cat /tmp/ways
check "open before: every way into a program of the same user" [ "$(grep -c ': taken' /tmp/ways)" = 5 ]
kill $(pidof other)

before=$(counter refused_traces)
hold_one "thief"
as_user /usr/bin/thief once $held > /tmp/ways; code=$?
cat /tmp/ways
as_user /bin/busybox dd if=/proc/$held/mem of=/dev/null bs=1 count=1 2> /tmp/dd; dd=$?
let_go
check "no way into one that is held" [ $code = 0 ]
check "each was refused" [ "$(grep -c 'not permitted\|denied' /tmp/ways)" = 5 ]
check "nor by another program" [ $dd != 0 ]
check "and counted" [ $(($(counter refused_traces) - before)) -ge 5 ]
wait $starter; check "it is confined ($?)" [ $? = 0 ]

# In the injection: it takes milliseconds, so many of them, and a thief that never pauses.
as_user /tmp/victim_sleeper sleep & sleep 1
as_user /usr/bin/thief memory victim > /tmp/thief.log & thief=$!
until grep -q ready /tmp/thief.log; do sleep 0.1; done
before=$(counter refused_traces)
as_user /usr/bin/storm 3 25 /tmp/victim any > /tmp/storm.log; check "nothing free with a writer about" [ $? = 0 ]
cat /tmp/storm.log
check "some were confined" grep -q "storm: [1-9]" /tmp/storm.log
kill $(pidof thief); wait $thief; cat /tmp/thief.log
check "it could write, to one that runs" grep -q " [1-9][0-9]* writes" /tmp/thief.log
check "and was refused, of those that were held" [ $(($(counter refused_traces) - before)) -ge 5 ]
kill -9 $(pidof victim_sleeper)

# Stopped and continued in its hold: as if it had not been.
hold_one "SIGSTOP, SIGCONT"
kill -STOP $held; kill -CONT $held
let_go
for _ in $(seq 50); do [ -d /proc/$held ] || break; sleep 0.1; done
check "SIGSTOP, SIGCONT: it ran on" [ ! -d /proc/$held ]
kill -CONT $held 2>/dev/null
wait $starter; check "SIGSTOP, SIGCONT: confined ($?)" [ $? = 0 ]

# Stopped alone: its new program starts stopped, and confined.
state() { sed -n 's/^State:\t\(.\).*/\1/p' /proc/$held/status; }
hold_one "SIGSTOP"
kill -STOP $held
let_go
for _ in $(seq 50); do [ "$(state)" = T ] && break; sleep 0.1; done
check "SIGSTOP: it is stopped ($(state))" [ "$(state)" = T ]
check "SIGSTOP: by nobody who traces it" grep -q "TracerPid:.*[^0-9]0\$" /proc/$held/status
check "SIGSTOP: confined before it goes on" grep -q "NoNewPrivs:.*1" /proc/$held/status
sleep 1
check "SIGSTOP: it stays so" [ "$(state)" = T ]
kill -CONT $held
wait $starter; check "SIGSTOP: confined ($?)" [ $? = 0 ]

# Stopped, continued and stopped again: the last counts.
hold_one "SIGSTOP, SIGCONT, SIGSTOP"
kill -STOP $held; kill -CONT $held; kill -STOP $held
let_go
for _ in $(seq 50); do [ "$(state)" = T ] && break; sleep 0.1; done
check "SIGSTOP, SIGCONT, SIGSTOP: it is stopped ($(state))" [ "$(state)" = T ]
kill -CONT $held
wait $starter; check "SIGSTOP, SIGCONT, SIGSTOP: confined ($?)" [ $? = 0 ]
check "nothing is left held" sh -c 'testgate control | grep -q "spinning=0 "'
done_checks
