# SPDX-License-Identifier: Apache-2.0
# 16: paths staged in namespaces, roots and detached mounts satisfy what restricts, never an exception: staged [POLICY], which
# decides as `staged` does.
. /scenarios/lib.sh
group=/sys/fs/cgroup/system.slice/other.service
mkdir -p $group
for name in exempt weak forbidden by_parent by_ancestor anywhere; do cp /usr/bin/victim /tmp/$name; done
cp /bin/busybox /tmp/busybox_parent
printf '#!/usr/bin/victim\n' > /tmp/exempt.sh; chmod 755 /tmp/exempt.sh
# A root of its own that looks like the machine's: the same paths, the cgroups within reach.
mkdir -p /tmp/jail/bin /tmp/jail/tmp /tmp/jail/usr/bin /tmp/jail/cg
cp /bin/busybox /tmp/jail/bin/busybox; cp /bin/busybox /tmp/jail/tmp/busybox_parent
for name in exempt weak forbidden by_parent by_ancestor anywhere; do cp /usr/bin/victim /tmp/jail/tmp/$name; done
cp /usr/bin/victim /tmp/jail/usr/bin/victim; cp /tmp/exempt.sh /tmp/jail/tmp/exempt.sh
mount --bind /sys/fs/cgroup /tmp/jail/cg
check "install" llload "/policies/${1:-staged}.o"

# The shell joins the unit and then executes: nothing before that is confined.
joined="echo 0 > $group/cgroup.procs; exec"
jailed="echo 0 > /cg/system.slice/other.service/cgroup.procs; exec"
plain() { sh -c "$joined $*"; }
in_user() { unshare -U -r sh -c "$joined $*"; }
in_mounts() { unshare -m sh -c "$joined $*"; }
in_root() { chroot /tmp/jail /bin/busybox sh -c "$jailed $*"; }
detached() { [ "$(CGROUP=$group attack_before detached "$1")" = confined ]; }

check "the unit is confined" plain /usr/bin/victim
check_fails "a path is an exception" plain /tmp/exempt
check_fails "another ruleset" plain /tmp/weak
check_fails "a script is one" plain /tmp/exempt.sh
check_fails "so is a parent" /tmp/busybox_parent sh -c "echo 0 > $group/cgroup.procs; /tmp/by_parent; exit \$?"
check_fails "and an ancestor" /tmp/busybox_parent sh -c "sh -c 'echo 0 > $group/cgroup.procs; /tmp/by_ancestor; exit \$?'; exit \$?"
check "denied" sh -c "$joined /tmp/forbidden 2>&1 | grep -q 'not permitted'"
check_fails "mounts of root's own count as the machine's" in_mounts /tmp/exempt
for where in in_user in_root; do
    check "$where: no exception by path" $where /tmp/exempt
    check "$where: no other ruleset instead" $where /tmp/weak
    check "$where: no exception by script" $where /tmp/exempt.sh
    check "$where: what restricts does so" $where /tmp/anywhere
done
check "in_root: denied" sh -c "chroot /tmp/jail /bin/busybox sh -c '$jailed /tmp/forbidden' 2>&1 | grep -q 'not permitted'"
check "in_root: no exception by parent" chroot /tmp/jail /tmp/busybox_parent sh -c "echo 0 > /cg/system.slice/other.service/cgroup.procs; /tmp/by_parent; exit \$?"
check "in_root: nor by ancestor" chroot /tmp/jail /tmp/busybox_parent sh -c "/bin/busybox sh -c 'echo 0 > /cg/system.slice/other.service/cgroup.procs; /tmp/by_ancestor; exit \$?'; exit \$?"
check "in_user: no exception by parent" unshare -U -r /tmp/busybox_parent sh -c "echo 0 > $group/cgroup.procs; /tmp/by_parent; exit \$?"
check "a detached mount: no exception" detached /tmp/exempt
check "a detached mount: no other ruleset" detached /tmp/weak
check "a detached mount: what restricts does so" detached /tmp/anywhere
check "told as staged" sh -c 'llload events --no-follow --json | grep -q "\"staged\":true"'
done_checks
