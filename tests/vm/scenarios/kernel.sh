# SPDX-License-Identifier: Apache-2.0
# The kernel backends, from install to unload: kernel kernel-map|kernel-object. On the kernel of tests/kernel.
. /scenarios/lib.sh
backend=$1
install() { llload --backend "$backend" "$@"; }
cp /usr/bin/victim /usr/bin/storm /tmp/
cp /usr/bin/victim /tmp/denied; cp /usr/bin/victim /tmp/no_nnp
cp /usr/bin/reexec /tmp/victim_reexec; cp /usr/bin/reexec /tmp/other_reexec
mkdir /tmp/both /tmp/always /tmp/alone
for folder in both always alone; do cp /usr/bin/victim /tmp/$folder/; cp /bin/busybox /tmp/$folder/cat; done
cp /bin/busybox /tmp/cat
echo open > /tmp/open; mkdir /tmp/secret; echo secret > /tmp/secret/file
printf '#!/nowhere/interpreter\n' > /tmp/victim_lost; printf '\1\2\3' > /tmp/victim_format; chmod +x /tmp/victim_*

check "check says that it can" sh -c "llload check /policies/victim.o | tee /dev/stderr | grep -q 'backend $backend: works here'"
check_fails "nothing is in force before" /tmp/victim
check "install" install /policies/victim.o
[ $failed = 0 ] || done_checks
check "no process stays" sh -c '! pidof llload'
check "the program is confined" /tmp/victim
check "nnp is set" sh -c '/tmp/victim show | grep -q nnp=1'
check_fails "its parent is free" /usr/bin/victim
check "denied is EPERM" sh -c '/tmp/denied 2>&1 | grep -qi "not permitted"'
check "a program that executes itself 40 times needs one layer" /tmp/victim_reexec 40
check "and so does one that does it through another" /tmp/victim_reexec 40 /tmp/other_reexec
check "children inherit" /tmp/victim_reexec 1
check "16 layers: refused" sh -c 'attack_before layers /tmp/victim | tee /dev/stderr | grep -q refused'
printf '#!/bin/sh\nexec /tmp/victim\n' > /tmp/hop; chmod +x /tmp/hop
check "and a refused exec leaves nothing that passes for in force" sh -c '! THEN=/tmp/hop attack_before layers /tmp/victim | tee /dev/stderr | grep FREE'
check "root without nnp" /tmp/no_nnp
check "has none" sh -c '/tmp/no_nnp show | grep -q nnp=0'
check_fails "a user without nnp is refused" setpriv_user /tmp/no_nnp
check "and told why" told "refused .*/tmp/no_nnp.*CAP_SYS_ADMIN"
check "a user with nnp" setpriv_user /tmp/victim

# Events and counters. Each event is told once.
llload events --no-follow > /dev/null
before=$(llload list --json | json /policies/0/applied)
check_fails "an exec whose interpreter is lost fails" /tmp/victim_lost
sh -c /tmp/victim_format 2>/dev/null
check "failed execs are not counted as applied" sh -c "[ \"\$(llload list --json | json /policies/0/applied)\" = $before ]"
check "nor told" sh -c '! llload events --no-follow | grep victim_'
check "one more is counted" sh -c "/tmp/victim; [ \"\$(llload list --json | json /policies/0/applied)\" = $((before + 1)) ]"
check "and told" told 'applied .*exec=/tmp/victim rulesets=no_lists nnp rule=victims'
/tmp/denied 2>/dev/null
check "what is denied is told" told "denied .*exec=/tmp/denied.*not from here"
check "list" sh -c "llload list | tee /dev/stderr | grep -q '^victim *enforce *$backend'"
check "hits" sh -c 'llload show victim | tee /dev/stderr | grep -q "rule victims .*, [1-9][0-9]* hits"'
check_fails "twice under one name is refused" install /policies/victim.o

sh -c 'llload events > /tmp/reader.log & echo $! > /tmp/reader.pid; wait' &
sleep 1
check "a second reader of the events is refused" sh -c 'llload events --no-follow 2>&1 | tee /dev/stderr | grep -q kernel-events.lock'
kill "$(cat /tmp/reader.pid)"; wait

# Killed in the middle of an installation; its files gone.
mkdir "/sys/fs/bpf/landlatch/victim^%"
check "what was pinned in part is not taken for a gate" sh -c "llload --backend $backend --replace /policies/victim.o && [ ! -e '/sys/fs/bpf/landlatch/victim^%' ]"
check "confined" /tmp/victim
mv /run/landlatch/victim /tmp/kept
check "without its files it is listed with the problem" sh -c 'llload list | tee /dev/stderr | grep -q "problem: its gate is in force"'
check "it is still the kernel backend's" sh -c "llload list | grep -q '^victim .*$backend'"
[ $backend = kernel-map ] || check_fails "and still alone" install --name other /policies/second.o
check "it can be taken out of force" llload unload victim
check_fails "and is" /tmp/victim

# What started while both were attached, and so may have got the old ruleset only, gets the new one at its next exec.
check "a loose one" install --name victim /policies/loose.o
check_fails "which lets lists be read" /tmp/victim
rm -f /tmp/stop /tmp/replaced
{
    started=""
    while [ ! -e /tmp/replaced ]; do /tmp/victim_reexec after /tmp/stop & started="$started $!"; sleep 0.02; done
    all=0 free=0
    touch /tmp/stop
    for pid in $started; do wait "$pid" || free=$((free + 1)); all=$((all + 1)); done
    echo "$all started, $free free of the new ruleset"
    [ $all -gt 10 ] && [ $free -eq 0 ]
} > /tmp/meanwhile.log 2>&1 &
meanwhile=$!
sleep 0.5
check "a strict one in its place" install --name victim --replace /policies/victim.o
touch /tmp/replaced
wait $meanwhile; code=$?
cat /tmp/meanwhile.log
check "all that started meanwhile end under it" [ $code = 0 ]
check "one with flags that this kernel's ABI doesn't promise" sh -c "llload --backend $backend --name victim --replace /policies/logged.o > /tmp/out; cat /tmp/out; ! grep -q 'all flags' /tmp/out"
check "they are found by trying, and taken" /tmp/victim
check "unload" llload unload victim
check "install again" install /policies/victim.o

# A second policy; more than one layer.
case $backend in
kernel-map)
    check "a second policy" install /policies/second.o
    check "its own program reads what it may" /tmp/cat /tmp/open
    check_fails "and not the rest" /tmp/cat /tmp/secret/file
    check "both layers: the first" /tmp/victim
    check "two are listed" sh -c 'llload list --json | grep -o "\"generation\"" | wc -l | grep -q 2'
    check "unload the second" llload unload second
    check "two rulesets of one rule, and always" install /policies/stack.o
    check "the first of two" /tmp/both/victim
    check "the second reads" /tmp/both/cat /tmp/open
    check_fails "the second of two" /tmp/both/cat /tmp/secret/file
    check "always, beside another rule" /tmp/always/victim
    check_fails "which holds too" /tmp/always/cat /tmp/secret/file
    check "always, alone" /tmp/alone/victim
    check_fails "kernel-object beside it is refused" llload --backend kernel-object --name other /policies/second.o
    check "unload it" llload unload stack
    ;;
kernel-object)
    check "a second policy is refused with the reason" sh -c 'llload --backend kernel-object /policies/second.o 2>&1 | tee /dev/stderr | grep -q "would replace"'
    check "on kernel-map too" sh -c 'llload --backend kernel-map /policies/second.o 2>&1 | grep -q "would replace"'
    check "auto takes supervise for it, and says why" sh -c 'llload /policies/second.o | tee /dev/stderr | grep -q "not kernel-object: policy victim"'
    check_fails "which holds" /tmp/cat /tmp/secret/file
    check "as the first does" /tmp/victim
    check "two are listed" sh -c 'llload list --json | grep -o "\"generation\"" | wc -l | grep -q 2'
    check "unload the second" llload unload second
    check "two rulesets of one rule are refused with the reason" sh -c 'llload --backend kernel-object --name stack /policies/stack.o 2>&1 | tee /dev/stderr | grep -q "one layer an exec"'
    ;;
esac
check "paths in target are refused with the reason" sh -c "llload --backend $backend --name target /policies/target.o 2>&1 | grep -q 'paths in target'"

# Replaced under a storm: old and new overlap, and nothing runs free.
storm 2 0 /tmp/victim any > /tmp/storm.log &
storm=$!
replaced=0; replaces=30
[ ! -e /sys/kernel/debug/kmemleak ] || replaces=5 # a minute for each under the kernel's checkers
while [ $replaced -lt $replaces ]; do
    install --replace /policies/victim.o > /dev/null || break
    replaced=$((replaced + 1))
done
check "$replaces replaces" [ $replaced = $replaces ]
kill $storm
wait $storm; check "nothing free during them" [ $? = 0 ]
cat /tmp/storm.log
check "none was killed or refused" grep -q " 0 free, 0 killed, 0 refused, 0 stops" /tmp/storm.log
check "one policy is installed" sh -c 'llload list --json | grep -o "\"generation\"" | wc -l | grep -q 1'

llload events --no-follow > /dev/null # the storm's, which leave no room for others
check "audit in the place of it" install --replace --audit /policies/victim.o
check_fails "audit enforces nothing" /tmp/victim
check_fails "audit: deny neither" /tmp/denied
check "and says what it would apply" told "audit .*exec=/tmp/denied.*would=deny"
check "list says so" sh -c 'llload list | grep -q "^victim .*audit"'
check "unload the last" llload unload victim
check "nothing is left" sh -c '[ -z "$(ls /sys/fs/bpf/landlatch)" ]'
check_fails "and nothing is in force" /tmp/victim

# One object, every backend; auto picks from the top.
check "auto takes kernel-object" sh -c 'llload /policies/victim.o | tee /dev/stderr | grep -q "by kernel-object"'
check "confined" /tmp/victim
check "unload" llload unload victim
check "install" install /policies/victim.o
llload events > /dev/null 2>&1 &
reader=$!
sleep 1
check "a reader of events goes on while a policy is installed" kill -0 $reader
check "unload" llload unload victim
sleep 2
check_fails "and ends with the last one" kill -0 $reader
kill $reader 2>/dev/null
check "auto takes kernel-map for two layers, and says why" sh -c 'llload /policies/stack.o | tee /dev/stderr | grep -q "not kernel-object: .*one layer"'
check "confined by both" sh -c '/tmp/both/victim && ! /tmp/both/cat /tmp/secret/file'
check "unload" llload unload stack
check "supervise serves the same object" llload --backend supervise /policies/victim.o
check "confined" /tmp/victim
check "unload" llload unload victim

# The pins are all that holds it: who unmounts them ends it, and llload starts anew.
check "install" install /policies/victim.o
check "confined" /tmp/victim
until_so umount /sys/fs/bpf 2> /dev/null # not before the supervisor of the policy above has ended
until_so sh -c '! /tmp/victim'
check_fails "unmounted: not in force any more" /tmp/victim
check "and llload says so" sh -c 'llload list | tee /dev/stderr | grep -A1 "^victim *- " | grep -q "problem: not in force"'
mount -t bpf bpf /sys/fs/bpf
check "mounted: neither" sh -c 'llload list | grep -q "^victim *- "'
check "installed anew, over what is left" install /policies/victim.o
check "confined" /tmp/victim
umount /sys/fs/bpf
until_so sh -c '! /tmp/victim'
mount -t bpf bpf /sys/fs/bpf
check "what is left is unloaded" llload unload victim
check "and forgotten" sh -c 'llload list | grep -q "^nothing is installed" && [ ! -e /run/landlatch/victim ]'
check_fails "once" llload unload victim
done_checks
