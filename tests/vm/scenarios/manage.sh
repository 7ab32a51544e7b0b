# SPDX-License-Identifier: Apache-2.0
# Everything a person and a service manager do with llload beside installing: in front, units, JSON, check, protection.
. /scenarios/lib.sh
cp /usr/bin/victim /tmp/; cp /usr/bin/victim /tmp/denied
says() { wanted=$1; shift; got=$("$@" 2>/tmp/says.err); [ "$got" = "$wanted" ] || { echo "got: $got"; cat /tmp/says.err; false; }; }
at() { pointer=$1; shift; "$@" | json "$pointer"; }
until_said() { for _ in $(seq 200); do grep -q "$1" "$2" 2>/dev/null && return 0; sleep 0.1; done; cat "$2"; return 1; }

# check, with nothing installed
check "check --json: supervise is the backend" says supervise at /backend llload check /policies/victim.o --json
check "the others say why not" says "this kernel has no bpf_lsm_policy_apply_bprm (the exec-time series)" at /backends/0/why llload check --json
check "a bad object is not ok" sh -c 'llload check /bin/busybox --json | json /ok | grep -q false'
check "list --json: nothing" says "[]" at /policies llload list --json
check_fails "show of nothing" llload show victim
check "unload of nothing says so" sh -c 'llload unload victim --json | json /error | grep -q "not installed"'
check "a kernel-only backend is refused with the reason" sh -c 'llload --backend kernel-object /policies/victim.o 2>&1 | grep -q "exec-time series"'
check "exit code 3 for it" sh -c 'llload --backend kernel-object /policies/victim.o 2>/dev/null; [ $? = 3 ]'
check "exit code 2 for a wrong command line" sh -c 'llload --nonsense 2>/dev/null; [ $? = 2 ]'

# In front, with readiness: enforced when it says so, out of force at SIGTERM.
notify /tmp/front.log llload --foreground /policies/victim.o > /tmp/front.out 2>&1 &
front=$!
check "--foreground tells when it is ready" until_said READY=1 /tmp/front.log
check "and then it is enforced" /tmp/victim
kill -TERM $front
wait $front; check "SIGTERM ends it with 0" [ $? = 0 ]
check "it says that it stops" grep -q STOPPING=1 /tmp/front.log
check_fails "and nothing is enforced any more" /tmp/victim

# The units' own commands, as systemd runs them (there is none in this machine).
of_unit() { sed -n "s/^$2=//p" "/units/$1" | sed 's#/usr/bin/llload#llload#; s/%i/victim/g'; }
mkdir -p /etc/landlatch && cp /policies/victim.o /etc/landlatch/
until_gone
notify /tmp/unit.log $(of_unit landlatch.service ExecStart) > /tmp/unit.out 2>&1 &
unit=$!
check "landlatch.service is ready" until_said READY=1 /tmp/unit.log
check "landlatch@victim starts" $(of_unit landlatch@.service ExecStart)
check "enforced" /tmp/victim
check "landlatch@victim reloads" $(of_unit landlatch@.service ExecReload)
check "enforced still" /tmp/victim
kill -TERM $unit; wait $unit
check "the supervisor's stop is clean" [ $? = 0 ]
check_fails "matched execs are refused without it" /tmp/victim
rm /tmp/unit.log
notify /tmp/unit.log $(of_unit landlatch.service ExecStart) > /tmp/unit.out 2>&1 &
unit=$!
check "started again" until_said READY=1 /tmp/unit.log
check "it has taken over" /tmp/victim

# What is shown
/tmp/denied 2>/dev/null
check "list --json" says victim at /policies/0/name llload list --json
check "counts what was applied" sh -c '[ "$(llload list --json | json /policies/0/applied)" -ge 1 ]'
check "show --json: a rule" says victims at /rules/0/rule llload show victim --json
check "its hits" sh -c '[ "$(llload show victim --json | json /rules/0/hits)" -ge 1 ]'
check "its rulesets" says '["no_lists"]' at /rules/0/rulesets llload show victim --json
check "the rights not restricted here" sh -c 'llload show victim --json | json /rulesets/0/not_restricted | grep -q "^\["'
check "memory" sh -c 'llload show victim | grep -q "memory [1-9]"'
check "events --json: every line is JSON" sh -c 'llload events --no-follow --json | json /event > /tmp/kinds'
check "of every kind so far" sh -c 'grep -q applied /tmp/kinds && grep -q denied /tmp/kinds'
llload events > /tmp/followed 2>&1 &
follower=$!
sleep 0.5; /tmp/denied 2>/dev/null
check "events follow" until_said "denied .*not from here" /tmp/followed
kill $follower
cp /usr/bin/reexec /tmp/victim_sleeper
check "show: programs that ran before and would match" sh -c 'llload unload victim > /dev/null; /tmp/victim_sleeper sleep & sleep 0.3; llload /policies/victim.o > /dev/null; llload show victim | grep "already running" | grep -q "/tmp/victim_sleeper"'

ran_before() { llload show victim | grep "already running" | grep -q "/tmp/victim_sleeper"; }
check "still known after a replace" sh -c 'llload --replace /policies/victim.o > /dev/null; llload show victim | grep "already running" | grep -q "/tmp/victim_sleeper"'
kill -9 $unit; wait $unit 2>/dev/null; sleep 0.3
kill -9 $(pidof llload) 2>/dev/null; sleep 0.3
rm /tmp/unit.log
notify /tmp/unit.log $(of_unit landlatch.service ExecStart) > /tmp/unit.out 2>&1 &
unit=$!
check "the supervisor is started again" until_said READY=1 /tmp/unit.log
check "and by the next supervisor" ran_before
kill $(pidof victim_sleeper)
sleep 0.5
check_fails "not when it has ended" ran_before

# What lies in the supervisor's folder is no policy by that.
for name in control lock; do
    check_fails "unload $name" llload unload $name
    check "a policy can't be named $name" sh -c "llload --name $name /policies/victim.o 2>&1 | grep -q 'not control or lock'"
done
check "they are there" [ -S /run/landlatch/control -a -f /run/landlatch/lock ]
mkdir -m 700 /run/landlatch/gone; echo '{}' > /run/landlatch/gone/state.json
check "files without a gate are listed as that" sh -c 'llload list | tee /dev/stderr | grep -A1 "^gone *- " | grep -q "problem: not in force"'
check "and unloaded" llload unload gone
check "all of them" [ ! -e /run/landlatch/gone ]

# An unprivileged user can do nothing to it.
supervisor=$(pidof llload)
as_user() { su user -s /bin/sh -c "$*"; }
check_fails "not kill it" as_user kill -9 "$supervisor"
check_fails "not trace it" as_user attack_before seize "$supervisor"
check_fails "not look at its pins" as_user ls /sys/fs/bpf/landlatch
check_fails "not remove them" as_user rm -rf /sys/fs/bpf/landlatch
check_fails "not see its state" as_user ls /run/landlatch
check_fails "not unload" as_user llload unload victim
check_fails "not install" as_user llload /policies/second.o
check "still enforced" /tmp/victim
check "it has dropped what it doesn't need" sh -c "grep CapEff /proc/$supervisor/status | tee /dev/stderr | grep -vq 'ffffffffff'"
check "and can't gain" grep -q "NoNewPrivs:.*1" /proc/$supervisor/status
check "landlatch@victim stops" $(of_unit landlatch@.service ExecStop)
check_fails "out of force" /tmp/victim
kill -TERM $unit; wait $unit
done_checks
