# SPDX-License-Identifier: Apache-2.0
# Attacks on the hold and on the injection, numbered as in tests/vm/README.md. A program is confined, refused or killed:
# never free. Installs a policy; with the argument `testgate` the test gate decides instead.
. /scenarios/lib.sh
start_supervisor
if [ "$1" = testgate ]; then start_testgate; else check "install" llload /policies/victim.o; fi
# event WHAT TEXT: the latest event is of this kind and says this. Not with the test gate, which is no policy.
event() {
    [ -n "$gate" ] || check "  with an event: $1, $2" told "$1 .*$2" 2
}
cp /usr/bin/victim /usr/bin/victim_32 /tmp/
expect() {
    wanted=$1; what=$2; shift 2
    got=$("$@" 2>/tmp/expect.err)
    [ "$got" = "$wanted" ]; check "$what: $got" [ $? = 0 ]
}
expect confined "nothing special" attack_before plain /tmp/victim
expect killed "1: an image without a file-backed segment" attack_before no_load /tmp/victim_noload
event killed "without being held"
expect FREE "1: the same where no rule matches" attack_before no_load /tmp/noload
expect refused "2: a task that is traced already" attack_before traced /tmp/victim
event refused "traced by another"
expect confined "20: seccomp filters that fake success" attack_before seccomp /tmp/victim
expect confined "21: every signal pending" attack_before signals /tmp/victim
expect killed "17: 16 layers in force already" attack_before layers /tmp/victim
event killed "Argument list too long\|16 layers"
expect confined "23: a limit of 3 open files" attack_before no_fds /tmp/victim
expect confined "23: every file descriptor taken" attack_before all_fds /tmp/victim
expect confined "exec by another thread" attack_before thread /tmp/victim
expect confined "a caller that is not dumpable" attack_before not_dumpable /tmp/victim
expect killed "22: a 32-bit program" attack_before plain /tmp/victim_32
event killed "32-bit"

check "in a user namespace" unshare -U -r /tmp/victim
check "in a mount namespace" unshare -m /tmp/victim
check "in a network namespace" unshare -n /tmp/victim
check "as pid 1 of a pid namespace" unshare -f -p /tmp/victim
mkdir -p /tmp/jail/tmp && cp /usr/bin/victim /tmp/jail/tmp/
check "in a chroot" chroot /tmp/jail /tmp/victim
cp /usr/bin/victim /tmp/victim_suid && chmod 4755 /tmp/victim_suid && chmod 755 /tmp/victim
check "as another user" setpriv_user /tmp/victim
check "set-user-ID, as another user" setpriv_user /tmp/victim_suid

# 18, 19: thieves of the same user while a storm runs.
for kind in fds trace stop; do
    thief $kind victim > /tmp/thief.log 2>&1 &
    thief=$!
    if [ $kind = stop ]; then
        storm 2 10 /tmp/victim any > /tmp/storm.log; cat /tmp/storm.log
        check "nothing free while stop signals rain" grep -q " 0 free" /tmp/storm.log
    else
        check "nothing free with a thief ($kind) about" storm 4 10 /tmp/victim any
    fi
    kill $thief
    check "19: the thief ($kind) got no ruleset" wait $thief
    cat /tmp/thief.log
done
testgate control
check "nothing is left held" sh -c 'testgate control | grep -q "spinning=0"'

# 5: the supervisor dies in the middle of a storm.
storm 4 30 /tmp/victim any > /tmp/storm.log &
storm=$!
sleep 0.5
kill -9 $supervisor
wait $storm; check "12: the supervisor is killed in a storm: nothing runs free" [ $? = 0 ]
cat /tmp/storm.log
check "12: matched execs are refused at once" [ "$(attack_before plain /tmp/victim)" = refused ]
check_fails "others run on" /usr/bin/victim
start_supervisor
check "a new supervisor takes over" [ "$(attack_before plain /tmp/victim)" = confined ]
# 12: a supervisor that hangs is known by its heartbeat.
kill -STOP $supervisor
sleep 4
check "12: a hung supervisor: refused" [ "$(attack_before plain /tmp/victim)" = refused ]
kill -CONT $supervisor
sleep 1
check "and confined again once it goes on" [ "$(attack_before plain /tmp/victim)" = confined ]
done_checks
