# SPDX-License-Identifier: Apache-2.0
# The units of packaging/systemd under a real systemd: up at boot, readiness, confined units, stop, reload, a supervisor
# that is killed again and again.
. /scenarios/lib.sh
cp /usr/bin/victim /tmp/victim
is() { [ "$(systemctl show -p "$2" --value "$1")" = "$3" ] || { systemctl show "$1" | grep -E "^(ActiveState|Result|MainPID|NRestarts)="; false; }; }
until_is() { for _ in $(seq 600); do [ "$(systemctl show -p "$2" --value "$1")" = "$3" ] && return 0; sleep 0.1; done; is "$@"; }
tries() { systemctl reset-failed "$1" 2>/dev/null; systemctl stop "$1" 2>/dev/null; systemctl start "$1" 2>/dev/null; }

check "process 1 is systemd" grep -q systemd /proc/1/comm
check "the supervisor came up at boot, and said that it is ready" is landlatch.service ActiveState active
check "the policies too, which ask for it at once" is landlatch@units.service ActiveState active
check "both" is landlatch@victim.service ActiveState active
check "confined by the other" /tmp/victim
check "systemd knows its process" is landlatch.service MainPID "$(pidof llload)"
check "llload lists the policy" sh -c 'llload list --json | json /policies/0/name | grep -q units'
check "a unit that the boot started was confined" is held-early.service ActiveState active
check "a unit: confined" tries held
check "another unit's program is free" sh -c '! systemctl start free 2>/dev/null'
check "and so is the scenario's" sh -c '! /usr/bin/victim'
check "a unit with another user, its own mounts and a seccomp filter: confined" tries held-private

check "reload" systemctl reload landlatch@units
check "confined after it" tries held
check "stop" systemctl stop landlatch@units
check_fails "out of force" tries held
check "the supervisor stays" is landlatch.service ActiveState active
check "start" systemctl start landlatch@units
check "confined again" tries held
check "stop of the other" systemctl stop landlatch@victim
check_fails "out of force" /tmp/victim
check "start" systemctl start landlatch@victim
check "confined by it" /tmp/victim
check "a policy that isn't there fails" sh -c '! systemctl start landlatch@nothing 2>/dev/null'

# Killed ten times in a storm: refused meanwhile, never free, and always started again.
storm 2 0 /tmp/victim any > /tmp/storm.log &
storm=$!
restarted=0
for _ in $(seq 10); do
    before=$(systemctl show -p MainPID --value landlatch.service)
    kill -9 "$before"
    for _ in $(seq 600); do
        now=$(systemctl show -p MainPID --value landlatch.service)
        [ "$now" != "$before" ] && [ "$now" != 0 ] && [ "$(systemctl show -p ActiveState --value landlatch.service)" = active ] && break
        sleep 0.1
    done
    [ "$now" != "$before" ] && restarted=$((restarted + 1))
done
check "killed 10 times, started again $restarted times" [ $restarted = 10 ]
kill $storm; wait $storm; check "nothing free meanwhile" [ $? = 0 ]
cat /tmp/storm.log
check "some were refused, some confined" sh -c 'grep -q " [1-9][0-9]* confined.* [1-9][0-9]* refused" /tmp/storm.log'
check "the policies' units are active still" is landlatch@units.service ActiveState active
check "confined after it: the unit" tries held
check "and by the other policy" /tmp/victim
storm 2 0 /tmp/victim any > /tmp/storm.log &
storm=$!
check "restart by hand" systemctl restart landlatch.service
kill $storm; wait $storm; check "nothing free meanwhile" [ $? = 0 ]
cat /tmp/storm.log
check "leaves the policies in force" is landlatch@units.service ActiveState active
check "confined" tries held
check "stop of the supervisor" systemctl stop landlatch.service
check "matched execs are refused until it is started" [ "$(attack_before plain /tmp/victim)" = refused ]
check_fails "in units too" tries held
check "start" systemctl start landlatch.service
check "confined" tries held
check "stop of both policies" systemctl stop landlatch@units landlatch@victim
check_fails "out of force" tries held
check "stop" systemctl stop landlatch.service
check "no supervisor is left" sh -c '! pidof llload'
check "nothing is left" [ -z "$(ls /sys/fs/bpf/landlatch)" ]
done_checks
