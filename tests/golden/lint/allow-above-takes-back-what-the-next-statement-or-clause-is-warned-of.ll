#! args: check
abi 9

# llc: allow W1502 because only the names on the command line matter here
# a second comment does not part them
when exec matches /usr/bin/web
    apply web with nnp

ruleset web {
    # llc: allow W1303, W1302 because the root is a scratch disk
    allow write, execute beneath /
    allow write beneath /  # llc: allow W1303 because it is said twice
}
#> exit: 0
