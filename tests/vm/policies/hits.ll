# Which rule is named in events and counted for: one that decides, one that only adds, one that is only audited.
abi 2

ruleset no_lists {
    allow read_file, write_file, execute beneath /
}

rule free: when exec matches /tmp/free* pass
rule passed: when exec matches /tmp/hits/passed* pass
rule anyway: when exec matches /tmp/hits/* always apply no_lists with nnp
rule maybe: when exec matches /tmp/hits/maybe* audit deny
