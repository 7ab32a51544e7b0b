# SPDX-License-Identifier: Apache-2.0
# Sizes and the verifier's work for policies of 1, 100 and 10,000 rules, and for one that reads every kind of fact: the
# programs don't grow with the rules, only the tables do.
. /scenarios/lib.sh
differ prepare
# of PROGRAM KEY: a number of the gate as loaded.
of() { json /gate/programs < /tmp/show.json | tr '}' '\n' | grep "\"name\":\"$1" | sed "s/.*\"$2\":\([0-9]*\).*/\1/"; }
for policy in rules_1 rules_100 rules_10000 differ; do
    check "install $policy" llload --name it /policies/$policy.o
    llload show it --json > /tmp/show.json
    echo "$policy: object $(wc -c < /policies/$policy.o) bytes, maps $(json /gate/map_bytes < /tmp/show.json) bytes"
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
