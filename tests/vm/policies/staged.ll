# A unit contained by a catch-all, with exceptions that go by paths: what somebody who stages a path must not get.
abi 2

ruleset no_lists {
    allow read_file, write_file, execute beneath /
}

ruleset lists {
    allow read, write_file, execute beneath /
}

when under unit other apply no_lists with nnp
when under unit other exec matches /tmp/exempt pass
when under unit other exec matches /tmp/weak apply lists with nnp
when under unit other exec matches /tmp/forbidden deny "not there"
when under unit other exec matches /usr/bin/victim script matches /tmp/exempt.sh pass
when under unit other exec matches /tmp/by_parent parent exec matches /tmp/busybox_parent pass
when under unit other exec matches /tmp/by_ancestor ancestor exec matches /tmp/busybox_parent pass
when exec matches /tmp/anywhere* apply no_lists with nnp
