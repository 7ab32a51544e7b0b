# A cgroup's path decides, for one program.
abi 2

ruleset no_lists {
    allow read_file, write_file, execute beneath /
}

rule deep: when exec matches /tmp/victim under cgroup /deep apply no_lists with nnp
