#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# make_parts.sh DIFFER.ll: a policy that decides as that one does, with patterns that no one automaton holds: those of programs,
# scripts and cgroups are in parts (docs/adr/0004).
set -eu
# No path has "//", so this adds two `**` to patterns and nothing to what they match: they count as patterns that multiply.
sed 's,/tmp/d/,/tmp/d/{\,/**/**},g; s,/machine.slice/,/machine.slice/{\,/**/**},g' "$1"
i=0
while [ $i -lt 18 ]; do
    for fact in "exec matches" "script matches" "under cgroup"; do
        echo "when $fact /**/q$i/** and user $((70000 + i)) always apply no_dir with nnp"
    done
    i=$((i + 1))
done
