# SPDX-License-Identifier: Apache-2.0
# Which rule an event names, and `show` counts for, where `always` adds, `pass` decides, and a rule is only audited:
# hits BACKEND.
. /scenarios/lib.sh
mkdir /tmp/hits
for program in free hits/only hits/passed hits/maybe; do cp /usr/bin/victim /tmp/$program; done
check "install" llload --backend "$1" /policies/hits.o
hits() { llload show hits --json | json /rules/$1/hits; }
counts() { [ "$(hits 0) $(hits 1) $(hits 2) $(hits 3)" = "$1" ]; }
# WHAT HITS: within three seconds, as events are read a moment later.
counted() {
    until_so counts "$2"
    check "$1: $(hits 0) $(hits 1) $(hits 2) $(hits 3)" counts "$2"
}
counted "nothing yet" "0 0 0 0"
check_fails "passed, and free" /tmp/free
counted "by the one that passes" "1 0 0 0"
check "only always" /tmp/hits/only
check "again" /tmp/hits/only
counted "by the one that adds" "1 0 2 0"
check "passed, and always" /tmp/hits/passed
counted "by the one that decides" "1 1 2 0"
check "always, and audited" /tmp/hits/maybe
counted "by the one that adds, and the one that would deny" "1 1 3 1"
llload events --no-follow --json > /tmp/events; cat /tmp/events
of() { grep "\"event\":\"$1\"" /tmp/events | grep "$2\"" | grep -c "\"rule\":\"$3\""; }
check "applied by always: so says the event" [ "$(of applied hits/only anyway)" = 2 ]
check "applied beside pass" [ "$(of applied hits/passed passed)" = 1 ]
check "applied, where a denial is only audited" [ "$(of applied hits/maybe anyway)" = 1 ]
check "and what would have been" [ "$(of audit hits/maybe maybe)" = 1 ]
check "nothing else is told" [ "$(grep -c '"event":"\(applied\|audit\|denied\|refused\|killed\)"' /tmp/events)" = 5 ]
done_checks
