# Programs at /tmp/victim* may use files, and list nothing: what tests/vm/programs/victim.c tries first.
abi 2

ruleset no_lists {
    allow read_file, write_file, execute beneath /
}

rule victims: when exec matches /tmp/victim* apply no_lists with nnp
rule denied: when exec matches /tmp/denied* deny "not from here"
rule bare: when exec matches /tmp/no_nnp apply no_lists
