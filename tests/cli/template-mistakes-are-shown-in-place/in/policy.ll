abi 7
ruleset r {
    allow read, execute beneath /usr
    allow tcp connect 443
}
when exec matches /usr/bin/true apply r with nnp
