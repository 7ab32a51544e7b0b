#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# make_parts.sh POLICY.ll RULESET PREFIX…: a policy that decides as that one does, with patterns that no one automaton holds: those
# of programs, scripts and cgroups that begin with a PREFIX are in parts (docs/adr/0004). RULESET is one of its rulesets.
set -eu
policy=$1 ruleset=$2
shift 2
# No path has "//", so this adds two `**` to patterns and nothing to what they match: they count as patterns that multiply.
for prefix; do set -- "$@" -e "s,$prefix,$prefix{\\,/**/**},g"; shift; done
sed "$@" "$policy"
i=0
while [ $i -lt 18 ]; do
    for fact in "exec matches" "script matches" "under cgroup"; do
        echo "when $fact /**/q$i/** and user $((70000 + i)) always apply $ruleset with nnp"
    done
    i=$((i + 1))
done
