# For www-data no path decides; for user 1000 one does; for others none.
abi 2

ruleset no_lists {
    allow read_file, write_file, execute beneath /
}

rule servers: when user www-data apply no_lists with nnp
rule one: when user 1000 exec matches /tmp/one apply no_lists with nnp
