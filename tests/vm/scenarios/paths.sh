# SPDX-License-Identifier: Apache-2.0
# Facts that can't be read: paths longer than a path may be (language point 26). Where they decide the exec is refused,
# with an event; where they don't it goes as decided.
. /scenarios/lib.sh
mkdir /tmp/deep /sys/fs/cgroup/deep
cp /usr/bin/victim /tmp/
unreadable="refused .*a fact that decides could not be read"
# One more such event than before.
seen=0
check_event() {
    seen=$((seen + 1))
    for _ in $(seq 30); do
        [ "$(llload events --no-follow | grep -c "$unreadable")" = $seen ] && break
        sleep 0.1
    done
    check "with one event, the ${seen}th" [ "$(llload events --no-follow | grep -c "$unreadable")" = $seen ]
}
run() { uid=$1; shift; launch $uid $uid /usr/bin/deep "$@"; code=$?; }
is() { what=$1; wanted=$2; shift 2; run "$@"; check "$what ($code)" [ $code = $wanted ]; }

# Two programs and two scripts, each at the longest path there is and at a longer one.
for bytes in 4095 4096 6000; do check "a program at $bytes bytes" deep /tmp/deep $bytes put /usr/bin/victim; done
is "4095 bytes: free before" 1 0 /tmp/deep 4095 name
is "4096 bytes have no name" 3 0 /tmp/deep 4096 name
for how in relative fd at; do is "6000 bytes, $how: free before" 1 0 /tmp/deep 6000 $how; done

start_supervisor
check "a policy in which the path decides" llload /policies/deep.o
is "4095 bytes: matched" 0 0 /tmp/deep 4095 name
for how in relative fd at; do is "4095 bytes, $how: matched" 0 0 /tmp/deep 4095 $how; done
for bytes in 4096 6000; do
    for how in relative fd at; do
        is "$bytes bytes, $how: refused" 126 0 /tmp/deep $bytes $how
        check_event
    done
done
check_fails "another program is free" /usr/bin/victim
check "unload" llload unload deep
is "4096 bytes: free then" 1 0 /tmp/deep 4096 relative

check "a policy in which the user decides, and for one user the path" llload /policies/deep_user.o
is "the user alone decides: confined" 0 33 /tmp/deep 6000 relative
is "no rule can match: free" 1 0 /tmp/deep 6000 relative
is "the path decides: refused" 126 1000 /tmp/deep 6000 relative
check_event
is "a readable one decides" 1 1000 /tmp/deep 4095 relative
check "unload" llload unload deep_user

# Scripts: the file that execve names, in the place of the program.
for bytes in 4095 6000; do deep /tmp/deep $bytes script /usr/bin/victim; done
is "a script at 6000 bytes: free before" 1 0 /tmp/deep 6000 relative
check "a policy in which the script's path decides" llload /policies/deep_script.o
is "a script at 4095 bytes: matched" 0 0 /tmp/deep 4095 name
is "a script at 6000 bytes: refused" 126 0 /tmp/deep 6000 relative
check_event
check_fails "its interpreter alone is free" /usr/bin/victim
check "unload" llload unload deep_script

# The cgroup's path.
joined() { deep /sys/fs/cgroup/deep "$@"; }
joined 6000 join /tmp/victim; check "a cgroup at 6000 bytes: free before" [ $? = 1 ]
check "a policy in which the cgroup decides" llload /policies/deep_cgroup.o
check_fails "in no such cgroup" /tmp/victim
joined 4000 join /tmp/victim; check "a cgroup at 4000 bytes: matched" [ $? = 0 ]
joined 6000 join /tmp/victim; check "a cgroup at 6000 bytes: refused" [ $? = 126 ]
check_event
joined 6000 join /usr/bin/victim; check "a program that the cgroup can't decide on: free" [ $? = 1 ]
check "unload" llload unload deep_cgroup
done_checks
