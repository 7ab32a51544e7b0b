#! args: check
abi 7
ruleset web {
    allow read /usr
}
ruleset strict {
    allow read beneath /usr

when exec matches /a aply web
let p = 80,
when user apply web
