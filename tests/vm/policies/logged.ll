# Installed as `victim`: flags of ABI 7, which a kernel may know whatever its ABI.
abi 7
requires abi 2 leaving truncate, tcp, ioctl_dev, scope unrestricted

ruleset logged {
    allow read_file, write_file, execute beneath /
    log new_exec on
    log subdomains off
}

rule victims: when exec matches /tmp/victim* apply logged with nnp
