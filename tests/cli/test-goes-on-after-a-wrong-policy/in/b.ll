abi 7
ruleset b { allow read beneath /usr }
when exec matches /bin/b apply b
test "too much" { exec /bin/b expect allow read /etc/x }
