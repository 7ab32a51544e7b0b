# One rule for each kind of fact.
abi 2
ruleset no_lists {
    allow read_file, write_file, execute beneath /
}
when script matches /tmp/script*.sh apply no_lists with nnp
when exec matches /tmp/by_unit and under unit scenario apply no_lists with nnp
when exec matches /tmp/by_other_unit and under unit other apply no_lists with nnp
when exec matches /tmp/by_user and user www-data apply no_lists with nnp
when exec matches /tmp/by_group and group www-data apply no_lists with nnp
when exec matches /tmp/by_real_user and real user 1000 apply no_lists with nnp
when exec matches /tmp/by_parent and parent exec matches /tmp/parent apply no_lists with nnp
when exec matches /tmp/by_ancestor and ancestor exec matches /tmp/parent apply no_lists with nnp
when exec matches /tmp/by_setuid and setuid apply no_lists with nnp
when exec unlinked and user www-data apply no_lists with nnp
