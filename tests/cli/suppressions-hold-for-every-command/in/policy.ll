abi 7

ruleset data {
    # llc: allow W1300 because nothing is made in /data itself
    allow read, write, create beneath /data except /data/secret
    allow read beneath $nowhere
}
when exec matches /usr/bin/x apply data
