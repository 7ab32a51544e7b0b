# Names a path that no machine has: can't be loaded.
abi 2

ruleset missing {
    allow read_file, write_file, execute beneath /
    allow read beneath /nowhere/at/all
}

rule victims: when exec matches /tmp/victim* apply missing with nnp
