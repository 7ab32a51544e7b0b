# What units may be given: the program that tells is confined in units called held…, and nowhere else.
abi 2

ruleset no_lists {
    allow read_file, write_file, execute beneath /
}

when exec matches /usr/bin/victim under unit "held*" apply no_lists with nnp
