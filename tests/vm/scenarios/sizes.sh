# SPDX-License-Identifier: Apache-2.0
# Sizes and the verifier's work for policies of 1 to 100,000 rules, and for one that reads every kind of fact: the
# programs don't grow with the rules, only the tables do.
. /scenarios/lib.sh
differ prepare
# of PROGRAM KEY: a number of the gate as loaded.
of() { json /gate/programs < /tmp/show.json | tr '}' '\n' | grep "\"name\":\"$1" | sed "s/.*\"$2\":\([0-9]*\).*/\1/"; }
for policy in rules_1 rules_100 rules_10000 rules_100000 differ; do
    object=/policies/$policy.o
    [ $policy != rules_100000 ] || object=/large/$policy.o
    read -r from rest < /proc/uptime
    check "install $policy" llload --name it $object
    read -r to rest < /proc/uptime
    llload show it --json > /tmp/show.json
    echo "$policy: object $(wc -c < $object) bytes, maps $(json /gate/map_bytes < /tmp/show.json) bytes, from $from s to $to s"
    llload show it | grep program
    verified=$(of ll_gate verified); instructions=$(of ll_gate instructions)
    [ $policy != rules_1 ] || { first=$instructions; first_verified=$verified; }
    if [ $policy != differ ]; then
        check "$policy: the gate is the same $first instructions" [ "$instructions" = "$first" ]
        check "$policy: the verifier looks at about as many: $verified" [ "$verified" -lt $((first_verified * 2)) ]
    fi
    check "$policy: far from the verifier's limit of 1,000,000" [ "$verified" -lt 500000 ]
    llload unload it > /dev/null
done
done_checks
