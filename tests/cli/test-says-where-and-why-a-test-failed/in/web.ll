abi 7
requires abi 4 leaving ioctl_dev, scope unrestricted

ruleset web {
    allow read, execute beneath /usr
    allow read beneath /srv except /srv/*/secret
    allow tcp connect 443
}
rule web: when exec matches /usr/bin/web and under unit web apply web with nnp

test "what holds" {
    exec /usr/bin/web under unit web
    expect apply web with nnp
    expect deny read /etc/shadow
    expect deny tcp connect 80
}
test "what does not hold" {
    exec /usr/bin/web under unit web
    expect apply web
    expect deny read_file /srv/a/index.html
    expect allow read /srv/a/secret/key
    expect allow tcp connect 443, 444
    expect deny scope signal
}
test "no unit" {
    exec /usr/bin/web
    expect apply web with nnp
}
test "no such place" {
    exec /usr/bin/web under unit web.service under user unit shell
    expect none
}
