# Installed as `victim` before the policy of that name: the same programs, which may still list directories.
abi 2

ruleset loose {
    allow read, write_file, execute beneath /
}

rule victims: when exec matches /tmp/victim* apply loose with nnp
