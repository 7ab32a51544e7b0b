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
rm /tmp/c/lower/etc/allowed /tmp/c/root/etc/allowed 2>/dev/null
check_fails "a path that is missing there: not run" in_container '/bin/busybox_inside true'
llload events --no-follow | tail -3
done_checks
