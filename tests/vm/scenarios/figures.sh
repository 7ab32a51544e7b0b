# SPDX-License-Identifier: Apache-2.0
# Prints figures for scripts/bench, which brings the policies in /bench: `exec CASE NANOSECONDS` of one run of /bin/true by
# vfork, exec and wait, the least of five series; `load BACKEND: RULES INSTALL REPLACE MAPS OBJECT`, milliseconds of llload
# and bytes. Where time is counted by instructions (scripts/vm --count) they are the same in each run but for some percent, and
# so a bound can be asserted: what no rule matches is not half as much again, however many rules there are.
# figures EXECS BACKEND…
. /scenarios/lib.sh
execs=$1; shift
for name in other victim audited launcher profiled; do cp /usr/bin/true /tmp/$name; done
cp /usr/bin/wrapper /tmp/launcher

took() { for _ in 1 2 3 4 5; do exec_loop "$execs" "$1" || echo 0; done | sort -n | head -1; }
figure() {
    least=$(took "$2")
    [ "$least" != 0 ] || { echo "FAIL $2 runs"; failed=1; }
    echo "exec $1: $least" | tee -a /tmp/figures
}
milliseconds() { awk '{ printf "%d", $1 * 1000 }' /proc/uptime; }
took /tmp/other > /dev/null # warm
figure "no policy" /tmp/other
check "the launcher confines" /tmp/launcher
figure "a launcher that builds the ruleset" /tmp/launcher
for backend in "$@"; do
    for rules in $(ls /bench | sed -n 's/^rules_\([0-9]*\)\.o$/\1/p' | sort -n); do
        object=/bench/rules_$rules.o
        from=$(milliseconds)
        check "$backend: install $rules rules" llload --backend "$backend" --name it "$object"
        installed=$(milliseconds)
        figure "$backend: $rules rules, none matches" /tmp/other
        figure "$backend: $rules rules, one matches" /tmp/victim
        check "$backend: each was confined" [ "$(llload show it --json | json /rules/0/hits)" = $((5 * execs)) ]
        replacing=$(milliseconds)
        check "$backend: replace" llload --backend "$backend" --replace --name it "$object"
        replaced=$(milliseconds)
        llload show it --json > /tmp/show.json
        echo "load $backend: $rules $((installed - from)) $((replaced - replacing)) $(json /gate/map_bytes < /tmp/show.json) $(wc -c < "$object")"
        llload unload it > /dev/null
        sleep 1
    done
    check "$backend: install the audit" llload --backend "$backend" --name it /bench/audit.o
    llload events > /tmp/events 2>&1 &
    reader=$!
    figure "$backend: audited, with a reader of events" /tmp/audited
    sleep 1
    kill $reader
    check "the reader was told" grep -q /tmp/audited /tmp/events
    llload unload it > /dev/null
    sleep 1
done
figure "no policy, at the end" /tmp/other
check "what no rule matches takes about as long as without a policy" awk -v none="$least" -F ': ' \
    '/none matches/ { some = 1; if ($NF > 1.5 * none) bad = 1 } END { exit bad || !some }' /tmp/figures
if [ -e /bench/profiles ]; then
    # In one write, as it wants them.
    check "AppArmor takes the profiles" dd if=/bench/profiles of=/sys/kernel/security/apparmor/.replace bs=64M count=1
    figure "AppArmor: 1,000 profiles, none matches" /tmp/other
    figure "AppArmor: 1,000 profiles, one matches" /tmp/profiled
fi
done_checks
