# More than one layer an exec: by two rulesets, and by an `always` rule.
abi 2

ruleset no_lists {
    allow read_file, write_file, execute beneath /
}

ruleset no_secrets {
    allow read, execute beneath /usr, /lib, /lib64, /bin, /proc, /dev
    allow read_file file /tmp/open
    allow read_file beneath /tmp except /tmp/secret
}

rule both: when exec matches /tmp/both/* apply no_lists, no_secrets with nnp
rule one: when exec matches /tmp/always/* apply no_secrets with nnp
rule anyway: when exec matches /tmp/always/v*, /tmp/alone/* always apply no_lists with nnp
