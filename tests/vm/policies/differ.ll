# Every kind of fact decides something that the program tests/vm/programs/probe.c can tell: what execs are generated
# for (tests/vm/programs/differ_execs.h).
abi 2

ruleset no_dir {
    allow read_file, write_file, execute beneath /
}

ruleset no_open {
    allow read_dir, write_file, execute beneath /
    allow read_file file /tmp/other
}

ruleset no_other {
    allow read_dir, write_file, execute beneath /
    allow read_file file /tmp/open
}

rule a: when exec matches /tmp/d/a/* apply no_dir with nnp
rule a_www: when exec matches /tmp/d/a/x user www-data apply no_open with nnp
rule b_unit: when exec matches /tmp/d/b/** under unit d1 apply no_other with nnp
rule b_user_unit: when exec matches /tmp/d/b/** under user unit d2 apply no_dir, no_open with nnp
rule b_slice: when exec matches /tmp/d/b/x under slice d3 pass
rule bin_hop: when exec matches /tmp/d/x.bin parent exec matches /tmp/d/hop1 deny
rule bin_script: when exec matches /tmp/d/x.bin script matches /tmp/d/s[01].sh group www-data apply no_other with nnp
rule bin_user: when exec matches /tmp/d/x.bin real user 1000 unless script matches /tmp/d/s2.sh apply no_dir with nnp
rule odd: when exec matches /tmp/d/odd* ancestor exec matches /tmp/d/hop2 apply no_open with nnp
rule odd_not: when exec matches /tmp/d/odd* and not user root and not ancestor exec matches /tmp/d/hop2 deny
rule odd_group: when exec matches /tmp/d/odd* and group daemon and user root and not ancestor exec matches /tmp/d/hop2
    apply no_dir with nnp
rule boxed: when in container exec matches /tmp/d/c/* apply no_open with nnp
rule boxed_deep: when under cgroup /machine.slice/*/inner and exec matches /tmp/d/{a,c}/? and not group www-data
    apply no_other with nnp
rule fourth: when under cgroup /system.slice/d4.service exec matches /tmp/d/c/**, /tmp/d/b/**
    apply no_dir, no_other with nnp
rule ghost: when exec unlinked and exec matches /memfd:* and not user root apply no_dir with nnp
rule raised: when setuid exec matches /tmp/d/s* apply no_other with nnp
rule raised_hop: when setuid exec matches /tmp/d/suid parent exec matches /tmp/d/hop2 deny
rule contain: when under slice d5 always apply no_dir with nnp
prefer bin_script over bin_user
prefer b_slice over b_unit
prefer b_slice over b_user_unit
prefer boxed_deep over a
prefer boxed_deep over a_www
prefer boxed_deep over boxed
