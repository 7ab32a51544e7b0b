# SPDX-License-Identifier: Apache-2.0
# Every kind of fact decides in the kernel as the language says.
. /scenarios/lib.sh
for name in by_unit by_other_unit by_user by_group by_real_user by_parent by_ancestor by_setuid by_seeded_parent by_seeded_ancestor by_headless_parent no_nnp; do
    cp /usr/bin/victim /tmp/$name
done
chmod 4755 /tmp/by_setuid
cp /usr/bin/launch /tmp/parent; cp /bin/busybox /tmp/busybox_parent
check "install" llload /policies/facts.o
check "install" llload /policies/victim.o
as() { ids=$1; shift; launch $ids "$@"; }
check "unit" /tmp/by_unit
check_fails "another unit" /tmp/by_other_unit
mkdir -p /sys/fs/cgroup/system.slice/other.service/deeper
check "another unit, from within, below it" sh -c 'echo 0 > /sys/fs/cgroup/system.slice/other.service/deeper/cgroup.procs; /tmp/by_other_unit'
check_fails "user: root is not meant" /tmp/by_user
check "user" launch 33 1 /tmp/by_user
check_fails "group: not" /tmp/by_group
check "group" launch 0 33 /tmp/by_group
check_fails "real user: not" /tmp/by_real_user
check "real user" launch 1000 1000 /tmp/by_real_user
check_fails "parent: not" /tmp/by_parent
check "parent" /tmp/parent 0 0 /tmp/by_parent
check_fails "parent: a grandparent isn't one" /tmp/parent 0 0 /bin/busybox sh -c '/tmp/by_parent; exit $?'
check "ancestor" /tmp/parent 0 0 /bin/busybox sh -c '/tmp/by_ancestor; exit $?'
check_fails "ancestor: not" /tmp/by_ancestor
check "setuid" launch 1000 1000 /tmp/by_setuid
check_fails "setuid by root changes nothing" /tmp/by_setuid
cp /usr/bin/victim /tmp/by_setuid_caps
check_fails "no file capabilities yet" launch 1000 1000 /tmp/by_setuid_caps
setcap /tmp/by_setuid_caps
check "file capabilities" launch 1000 1000 /tmp/by_setuid_caps
check_fails "to root they are none" /tmp/by_setuid_caps
check_fails "nor to root without any" setcap drop /tmp/by_setuid_caps
check "but to root that is nobody special" setcap noroot /tmp/by_setuid_caps
# Lineage of what runs already when a policy is installed: the shell below, and its parent.
mkfifo /tmp/go1 /tmp/go2 /tmp/go4 /tmp/go5
/tmp/busybox_parent sh -c 'read go < /tmp/go1; /tmp/by_seeded_parent; echo $? > /tmp/code1' &
/tmp/busybox_parent sh -c 'sh -c "read go < /tmp/go2; /tmp/by_seeded_ancestor; echo \$? > /tmp/code2"; true' &
cp /usr/bin/headless /tmp/headless_parent
/tmp/headless_parent /tmp/go3 /tmp/by_headless_parent &
headless=$!
# These have left the ancestor: /proc shows it no more, the gate knows it.
for go in go4 go5; do
    /tmp/busybox_parent sh -c "exec /bin/busybox sh -c 'read go < /tmp/$go; /tmp/by_seeded_ancestor; echo \$? > /tmp/code_$go'" &
done
sleep 0.3
until_so sh -c "[ -z \"\$(readlink /proc/$headless/exe)\" ]"
check "its first thread has ended" [ -z "$(readlink /proc/$headless/exe)" ]
check "replace" llload --replace /policies/facts.o
echo > /tmp/go1; echo > /tmp/go2; echo > /tmp/go4; touch /tmp/go3
for code in code1 code2 code_go4; do until_so [ -s /tmp/$code ]; done
wait $headless; check "a parent is known whose first thread had ended" [ $? = 0 ]
check "the parent is known that ran before" [ "$(cat /tmp/code1)" = 0 ]
check "and the ancestor" [ "$(cat /tmp/code2)" = 0 ]
check "and one that /proc doesn't show any more" [ "$(cat /tmp/code_go4)" = 0 ]
check_fails "others are not" /tmp/by_seeded_parent
check_fails "others are not" /tmp/by_seeded_ancestor
check_fails "others are not" /tmp/by_headless_parent
check "a policy that asks other things of callers says that it can't know" sh -c 'llload --replace --name facts /policies/staged.o | tee /dev/stderr | grep -q "asked other things of callers"'
check "back" llload --replace /policies/facts.o
echo > /tmp/go5; until_so [ -s /tmp/code_go5 ]
check "one that left its ancestor is not known then" [ "$(cat /tmp/code_go5)" = 1 ]
printf '#!/usr/bin/victim\n' > /tmp/script1.sh; chmod 755 /tmp/script1.sh
check "script" /tmp/script1.sh
check_fails "the interpreter alone" /usr/bin/victim /tmp/script1.sh
check "without nnp, as root" /tmp/no_nnp
check "25: without nnp and without privilege: refused" sh -c 'launch 1000 1000 /tmp/no_nnp; [ $? = 126 ]'
llload events --no-follow | tail -3
done_checks
