# SPDX-License-Identifier: Apache-2.0
# What scenarios share. Each check prints one line; done_checks ends with 1 when any failed.
failed=0
check() {
    what=$1; shift
    if "$@"; then echo "ok   $what"; else echo "FAIL $what (code $?)"; failed=1; fi
}
check_fails() {
    what=$1; shift
    if "$@"; then echo "FAIL $what"; failed=1; else echo "ok   $what"; fi
}
# A supervisor in front, in the background of the scenario; waits until it serves.
start_supervisor() {
    llload supervise "$@" > /tmp/supervisor.log 2>&1 &
    supervisor=$!
    for _ in $(seq 1200); do
        [ -S /run/landlatch/control ] && testgate control 2>/dev/null | grep -q alive=1 && return 0
        kill -0 $supervisor 2>/dev/null || break
        sleep 0.1
    done
    echo "FAIL the supervisor did not start"; cat /tmp/supervisor.log; exit 1
}
# Waits until the supervisor that ends by itself has.
until_gone() {
    for _ in $(seq 300); do pidof llload > /dev/null || return 0; sleep 0.1; done
    echo "FAIL a supervisor stays"; exit 1
}
# Waits until COMMAND… succeeds, ten seconds at most: the check that follows says whether it has.
until_so() {
    for _ in $(seq 100); do "$@" && return; sleep 0.1; done
}
start_testgate() {
    testgate > /tmp/testgate.log 2>&1 &
    gate=$!
    for _ in $(seq 100); do
        grep -q ready /tmp/testgate.log && return 0
        sleep 0.1
    done
    echo "FAIL the test gate did not start"; cat /tmp/testgate.log; exit 1
}
# Whether one of the latest events says TEXT (a pattern of grep), within three seconds. LAST: how many are looked at.
told() {
    for _ in $(seq 30); do
        llload events --no-follow | tail -"${2:-3}" | grep "$1" && return 0
        sleep 0.1
    done
    llload events --no-follow | tail -3
    return 1
}
setpriv_user() { su user -s /bin/sh -c "$*"; }
done_checks() {
    [ -s /tmp/supervisor.log ] && cat /tmp/supervisor.log
    exit $failed
}
