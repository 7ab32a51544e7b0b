# A second layer for the same programs: they may not read /tmp/secret*.
abi 2

ruleset no_secrets {
    allow read, execute beneath /usr, /lib, /lib64, /bin, /proc, /dev
    allow read_file file /tmp/open
    allow read_file beneath /tmp except /tmp/secret
}

when exec matches /tmp/victim*, /tmp/cat apply no_secrets with nnp
