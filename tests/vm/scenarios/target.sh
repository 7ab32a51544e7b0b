# SPDX-License-Identifier: Apache-2.0
# `paths in target`: a container on overlayfs with its own root is confined by its own paths.
. /scenarios/lib.sh
mkdir -p /tmp/c && mount -t tmpfs tmpfs /tmp/c
mkdir -p /tmp/c/lower/bin /tmp/c/lower/lib /tmp/c/lower/etc /tmp/c/lower/old /tmp/c/upper /tmp/c/work /tmp/c/root
insmod /lib/modules/overlay.ko 2>/dev/null || insmod /lib/modules/overlay.ko.xz 2>/dev/null
cp /bin/busybox /tmp/c/lower/bin/busybox
cp /bin/busybox /tmp/c/lower/bin/busybox_inside
echo fine > /tmp/c/lower/etc/allowed; echo no > /tmp/c/lower/etc/forbidden
mount -t overlay overlay -o lowerdir=/tmp/c/lower,upperdir=/tmp/c/upper,workdir=/tmp/c/work /tmp/c/root ||
    { echo "note: no overlayfs in this kernel, a bind mount instead"; mount --bind /tmp/c/lower /tmp/c/root; }
in_container() { unshare -m sh -c 'cd /tmp/c/root && mkdir -p old && pivot_root . old && /bin/busybox umount -l /old && exec /bin/busybox sh -c "$1"' sh "$1"; }
check "before: the container reads what it likes" in_container '/bin/busybox_inside cat /etc/forbidden'
check "install" llload /policies/target.o
check "its own allowed file" in_container '/bin/busybox_inside cat /etc/allowed'
check_fails "its own other file" in_container '/bin/busybox_inside cat /etc/forbidden'
# What the container may put in the place of its file. The secret is the host's; the container has a /proc.
echo secret > /tmp/c/secret
mkdir -p /tmp/c/root/proc /tmp/c/root/tmp
runs() { in_container "/bin/busybox mount -t proc proc /proc; exec /bin/busybox_inside $*"; }
unconfined() { in_container "/bin/busybox mount -t proc proc /proc; exec /bin/busybox $*"; }
replaced() { rm -rf /tmp/c/root/etc/allowed; "$@" /tmp/c/root/etc/allowed; }
replaced ln -s forbidden
check "a link within its root is what it names" runs cat /etc/forbidden
replaced ln -s /proc/1/root/tmp/c/secret
check "a magic link out of its root reads the host's file" unconfined cat /etc/allowed
check_fails "a magic link: not run" runs true
check "with the reason" told "killed .*paths in target"
replaced ln -s ../../../../../../tmp/c/secret
check_fails "a link above its root: not run" runs true
replaced ln -s /proc/self/root/etc/forbidden
check_fails "a magic link that would stay within: not run" runs true
replaced ln -s allowed
check_fails "a circle of links: not run" runs true
replaced mkdir
check_fails "a directory in the place of the file: not run" runs true
replaced ln -s forbidden
chmod 777 /tmp/c/root/etc
check_fails "a link that anybody may have put there: not run" runs cat /etc/forbidden
chmod 755 /tmp/c/root/etc
rm -rf /tmp/c/root/etc/allowed
check_fails "a path that is missing there: not run" runs true
llload events --no-follow | tail -3
done_checks
