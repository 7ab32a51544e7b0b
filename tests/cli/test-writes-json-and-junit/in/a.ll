abi 7
ruleset a { allow read beneath /usr }
when exec matches /bin/a apply a
when exec matches /bin/b apply a with nnp
test "reads <usr> & more" { exec /bin/a expect allow read /usr/x expect deny read /etc/x }
