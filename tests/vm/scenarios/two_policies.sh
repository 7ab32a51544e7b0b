# SPDX-License-Identifier: Apache-2.0
# Two policies that match one program: it has the layer of each, seen from within. One forbids to list, the other to read
# /tmp/secret.
. /scenarios/lib.sh
# The shell is /tmp/victim_sh to the gate, and `sh` to busybox.
cp /bin/busybox /tmp/victim_sh; mkdir /tmp/names; ln -s /tmp/victim_sh /tmp/names/sh
mkdir /tmp/secret; echo secret > /tmp/secret/file; echo open > /tmp/open
# What the program finds that it may, by what its shell does itself: nothing else is executed.
cat > /tmp/asks.sh <<'TEXT'
listed=$(echo /usr/*); read secret 2>/dev/null < /tmp/secret/file; read open < /tmp/open
[ "$listed" = "/usr/*" ] && listed=no || listed=yes
[ "$secret" = secret ] && secret=yes || secret=no
while read -r name value; do [ "$name" = NoNewPrivs: ] && nnp=$value; done < /proc/self/status
echo "list=$listed secret=$secret open=$open nnp=$nnp"
TEXT
new() { /tmp/names/sh /tmp/asks.sh 2>/dev/null; }
# A program that goes on running, and is asked again. What it reads from and writes to is opened for it.
run_on() {
    mkfifo /tmp/ask.$1
    /tmp/names/sh -c ". /tmp/asks.sh; while read -r x; do . /tmp/asks.sh; done" 0<>/tmp/ask.$1 > /tmp/on.$1 2>/dev/null &
    eval "pid_$1=$!"
    await_lines 1 $1
    echo "$1: $(cat /tmp/on.$1)"
}
await_lines() { for _ in $(seq 100); do [ "$(wc -l < /tmp/on.$2)" -ge $1 ] && return; sleep 0.1; done; }
is() { what=$1; wanted=$2; got=$(new); check "$what: $got" [ "$got" = "$wanted" ]; }
still() {
    what=$1; who=$2; wanted=$3
    lines=$(wc -l < /tmp/on.$who)
    echo x > /tmp/ask.$who
    await_lines $((lines + 1)) $who
    got=$(sed -n "$((lines + 1))p" /tmp/on.$who)
    check "$what: $got" [ "$got" = "$wanted" ]
}
nnp_of() { sed -n 's/^NoNewPrivs:\t//p' /proc/$1/status; }
hits() { llload show "$1" --json | json /rules/0/hits; }

is "free before" "list=yes secret=yes open=open nnp=0"
run_on before
check "seen from outside: no_new_privs is off" [ "$(nnp_of $pid_before)" = 0 ]
check "the first" llload /policies/victim.o
is "the first's denial, and nnp" "list=no secret=yes open=open nnp=1"
run_on first
check "the second" llload /policies/second.o
is "both denials" "list=no secret=no open=open nnp=1"
run_on both
check "seen from outside: no_new_privs is on" [ "$(nnp_of $pid_both)" = 1 ]
still "what ran before has neither" before "list=yes secret=yes open=open nnp=0"
still "what ran with the first has that alone" first "list=no secret=yes open=open nnp=1"

# Both know of it.
one=$(hits victim) two=$(hits second)
new > /dev/null
check "show counts for the first" [ "$(hits victim)" = $((one + 1)) ]
check "and for the second" [ "$(hits second)" = $((two + 1)) ]
check "show: the first's rule and ruleset" sh -c 'llload show victim | tee /dev/stderr | grep -q "rule victims .*: apply no_lists with nnp"'
check "show: the second's" sh -c 'llload show second | tee /dev/stderr | grep -q "apply no_secrets with nnp"'
check "list: both" sh -c '[ "$(llload list | grep -c -e "^victim .*enforce" -e "^second .*enforce")" = 2 ]'
check "the event of one exec names both layers" told "applied .*rulesets=.*no_lists.*no_secrets\|applied .*rulesets=.*no_secrets.*no_lists" 1

# One goes: of programs to come, not of those that run.
check "unload the first" llload unload victim
is "only the second's for a new one" "list=yes secret=no open=open nnp=1"
still "both stay on what runs" both "list=no secret=no open=open nnp=1"
check "the first isn't shown any more" sh -c '! llload show victim 2>/dev/null'
check "the first again" llload /policies/victim.o
is "both for a new one" "list=no secret=no open=open nnp=1"
check "unload the second" llload unload second
is "only the first's for a new one" "list=no secret=yes open=open nnp=1"
check "unload the first" llload unload victim
is "free" "list=yes secret=yes open=open nnp=0"
still "both stay on what runs" both "list=no secret=no open=open nnp=1"
kill $pid_before $pid_first $pid_both
done_checks
