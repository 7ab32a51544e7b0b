#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Prints a policy of N rules, one of which matches /tmp/victim*: make_rules.sh N. For sizes and costs.
set -eu
printf 'abi 2\n\nruleset r {\n    allow read_file, write_file, execute beneath /\n}\n\n'
echo 'when exec matches /tmp/victim* apply r with nnp'
i=1
while [ "$i" -lt "$1" ]; do
    echo "when exec matches /opt/app$i/bin/* apply r with nnp"
    i=$((i + 1))
done
