# A container is confined by its own paths.
abi 2

ruleset inside {
    paths in target
    allow read, execute beneath /bin, /lib
    allow read_file file /etc/allowed
}

when exec matches /bin/busybox_inside apply inside with nnp
