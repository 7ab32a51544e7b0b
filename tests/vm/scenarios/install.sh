# SPDX-License-Identifier: Apache-2.0
# llload from install to unload: what is in force when, what is shown, what is refused, what stays.
. /scenarios/lib.sh
cp /usr/bin/victim /usr/bin/storm /tmp/
cp /usr/bin/victim /tmp/denied
cp /usr/bin/reexec /tmp/victim_reexec; cp /usr/bin/reexec /tmp/other_reexec
cp /bin/busybox /tmp/cat
echo open > /tmp/open; mkdir /tmp/secret; echo secret > /tmp/secret/file

check "check says that it can" llload check /policies/victim.o
check "dry run changes nothing" llload --dry-run /policies/victim.o
check_fails "nothing is in force before" /tmp/victim
check "install" llload /policies/victim.o
check "the program is confined" /tmp/victim
check "nnp is set" sh -c '/tmp/victim show | grep -q nnp=1'
check "denied is EPERM" sh -c '/tmp/denied 2>&1 | grep -qi "not permitted"'
check "a program that executes itself 40 times needs one layer" /tmp/victim_reexec 40
check "and so does one that does it through another" /tmp/victim_reexec 40 /tmp/other_reexec
check_fails "twice under one name is refused" llload /policies/victim.o
check "a second policy" llload /policies/second.o
check "both layers: the first" /tmp/victim
check "its own program reads what it may" /tmp/cat /tmp/open
check_fails "and not the rest" /tmp/cat /tmp/secret/file
check "list" sh -c 'llload list | tee /dev/stderr | grep -c -e "^victim " -e "^second " | grep -q 2'
check "show" sh -c 'llload show victim | tee /dev/stderr | grep -q "rule victims"'
check "show in JSON" sh -c 'llload show victim --json | grep -q "\"hits\""'
check "events" sh -c 'llload events --no-follow | tee /dev/stderr | grep -q "denied.*not from here"'

# Bad objects: refused with a reason, what is in force stays.
size=$(wc -c < /policies/victim.o)
for cut in 0 100 $((size / 2)) $((size - 1)); do
    head -c $cut /policies/victim.o > /tmp/cut.o
    check_fails "cut to $cut bytes" llload --name cut /tmp/cut.o
done
for at in 20 4000 $((size / 2)); do
    cp /policies/victim.o /tmp/flip.o
    printf '\377\376\375\374' | dd of=/tmp/flip.o bs=1 seek=$at conv=notrunc 2>/dev/null
    check_fails "bytes changed at $at" llload --replace --name victim /tmp/flip.o
done
# Damage that no checksum shows.
for word in "5 0x7fffffff" "3 0xfffffff0" "1 8" "0 0"; do
    spoil /policies/victim.o $word > /tmp/spoilt.o
    check "match tables with word $word: check says no" sh -c 'llload check /tmp/spoilt.o --json | json /ok | grep -q false'
    check_fails "and they are refused" llload --replace --name victim /tmp/spoilt.o
done
# An object of a later llc: its format has another version, and all its checksums are right.
spoil /policies/victim.o version 2 > /tmp/newer.o
check "a newer format: check says no" sh -c 'llload check /tmp/newer.o --json | json /ok | grep -q false'
check_fails "a newer format" llload --name newer /tmp/newer.o
check "with the reason" sh -c 'llload --name newer /tmp/newer.o 2>&1 | tee /dev/stderr | grep -q "format 2"'
check_fails "nor in the place of what is in force" llload --replace --name victim /tmp/newer.o
spoil /policies/victim.o version 1 > /tmp/same.o
check "the same way of changing it, with the version it has" llload --dry-run /tmp/same.o
check_fails "a name with a slash" llload --name ../x /policies/victim.o
check "still confined" /tmp/victim
check "nothing else was installed" sh -c 'llload list --json | grep -o "\"generation\"" | wc -l | grep -q 2'

check "unload" llload unload second
check "what it denied is free" /tmp/cat /tmp/secret/file
check "audit in the place of it" llload --replace --audit /policies/victim.o
check_fails "audit enforces nothing" /tmp/victim
check_fails "audit: deny neither" /tmp/denied
check "and says what it would apply" sh -c 'llload events --no-follow | tail -2 | tee /dev/stderr | grep "audit .*/tmp/victim" | grep -q "would=apply"'
check "and deny" sh -c 'llload events --no-follow | tail -2 | grep "audit .*/tmp/denied" | grep -q "would=deny"'
check "list says so" sh -c 'llload list | grep -q "^victim .*audit"'
check "unload the last" llload unload victim
sleep 1
check "nothing is left" sh -c '[ -z "$(ls /sys/fs/bpf/landlatch)" ] && [ ! -S /run/landlatch/control ]'

# A supervisor that dies: refused; a new one takes over with what it finds.
check "install again" llload /policies/victim.o
kill -9 "$(pidof llload)"
sleep 0.3
check_fails "dead supervisor: refused" /tmp/victim
check "list says so" sh -c 'llload list | tee /dev/stderr | grep -A1 "^victim " | grep -q "problem: no supervisor runs"'
check "in JSON too" sh -c '[ "$(llload list --json | json /policies/0/in_force)" = true ]'
check "an unmatched program runs" /usr/bin/storm 1 1 /bin/true
check "llload starts a new one, which takes over" llload /policies/second.o
check "confined again" /tmp/victim
check "both are known" sh -c 'llload list --json | grep -o "\"generation\"" | wc -l | grep -q 2'
check "nobody else may ask" sh -c '! su user -s /bin/sh -c "llload list --json | grep -q generation"'
# One that only watches: without a supervisor nothing is refused, and nothing told.
check "audit" llload --replace --audit /policies/victim.o
kill -9 "$(pidof llload)"
sleep 0.3
check_fails "free" /tmp/victim
check "list says so" sh -c 'llload list | tee /dev/stderr | grep -A1 "^victim *audit " | grep -q "problem: no supervisor runs: nothing is reported"'
done_checks
