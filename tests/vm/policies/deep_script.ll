# A script's path decides.
abi 2

ruleset no_lists {
    allow read_file, write_file, execute beneath /
}

rule scripts: when script matches /tmp/deep/** apply no_lists with nnp
