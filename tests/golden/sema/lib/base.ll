# The ruleset named as its file, a private one, and a variable.
abi 7
let dirs = [/opt/a, /opt/b]
let _secret = /opt/secret
ruleset base { allow read beneath /usr }
ruleset _hidden { allow read beneath $_secret }
ruleset open_net { leave tcp unrestricted }
