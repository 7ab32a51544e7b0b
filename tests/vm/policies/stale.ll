# Refuses what victim.ll marks, before or after it.
abi 2
when exec matches /tmp/victim_stale deny "after the mark"
