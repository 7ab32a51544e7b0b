# SPDX-License-Identifier: Apache-2.0
# A policy whose programs have parts, enforced by a backend: parts BACKEND.
. /scenarios/lib.sh
for folder in q0 q9 q19 q3/y/no q3/y/yes free; do
    mkdir -p /tmp/x/$folder; cp /usr/bin/victim /tmp/x/$folder/victim
done
check_fails "free before" /tmp/x/q0/victim
check "install" llload --backend "$1" /policies/parts.o
for folder in q0 q9 q19 q3/y/yes; do check "confined in $folder" /tmp/x/$folder/victim; done
check_fails "free elsewhere" /tmp/x/free/victim
/tmp/x/q3/y/no/victim
check "denied where the inner rule decides" [ $? -gt 1 ]
llload events --no-follow --json > /tmp/events
check "the event names the rule of a part" grep -q '"rule":"q19"' /tmp/events
check "unload" llload unload parts
check_fails "free again" /tmp/x/q9/victim
done_checks
