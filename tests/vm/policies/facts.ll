# One rule for each kind of fact.
abi 2

ruleset no_lists {
    allow read_file, write_file, execute beneath /
}

when script matches /tmp/script*.sh apply no_lists with nnp
when exec matches /tmp/by_unit under unit scenario apply no_lists with nnp
when exec matches /tmp/by_other_unit under unit other apply no_lists with nnp
when exec matches /tmp/by_user user www-data apply no_lists with nnp
when exec matches /tmp/by_group group www-data apply no_lists with nnp
when exec matches /tmp/by_real_user real user 1000 apply no_lists with nnp
when exec matches /tmp/by_parent parent exec matches /tmp/parent apply no_lists with nnp
when exec matches /tmp/by_ancestor ancestor exec matches /tmp/parent apply no_lists with nnp
when exec matches /tmp/by_setuid* setuid apply no_lists with nnp
when exec unlinked user www-data apply no_lists with nnp
when exec matches /tmp/by_seeded_parent parent exec matches /tmp/busybox_parent apply no_lists with nnp
when exec matches /tmp/by_seeded_ancestor ancestor exec matches /tmp/busybox_parent apply no_lists with nnp
when exec matches /tmp/by_headless_parent parent exec matches /tmp/headless_parent apply no_lists with nnp
