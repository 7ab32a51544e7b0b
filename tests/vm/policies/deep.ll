# A path that decides: /tmp/deep has one that is longer than a path may be.
abi 2

ruleset no_lists {
    allow read_file, write_file, execute beneath /
}

rule deep: when exec matches /tmp/deep/** apply no_lists with nnp
