# Confines Python: whoever starts it, and from whichever shell or script, Python reads its own library and this
# directory's demo, writes to its own scratch directory, connects to port 443, and nothing else. The shell that starts
# it is left alone. scripts/quickstart compiles this file and runs examples/demo.sh under it.

abi 7
requires abi 1 leaving truncate, ioctl_dev, tcp, scope unrestricted

param demo: path = env LANDLATCH_DEMO
param scratch: path = env LANDLATCH_SCRATCH

ruleset python {
    allow read, execute beneath /usr, optional /lib, optional /lib64
    allow read file /etc/ld.so.cache, optional /etc/localtime
    allow read, write file /dev/null
    allow read beneath $demo
    allow read, write, create, remove beneath $scratch
    allow tcp connect 443
}

# llc: allow W1502 because the demo confines who calls Python by its name; a copy of the binary has another path
when exec matches /usr/bin/python3* apply python with nnp

test "python may not read the password file" {
    exec /usr/bin/python3.11 user root
    set demo = /srv/demo
    set scratch = /tmp/scratch
    expect apply python with nnp
    expect deny read_file /etc/passwd
    expect allow read /usr/lib/python3
    expect allow tcp connect 443
    expect deny tcp connect 80 from abi 4
}

test "the shell is left alone" {
    exec /usr/bin/dash user root
    expect none
}
