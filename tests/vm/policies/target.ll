# A container is confined by its own paths.
abi 2

ruleset inside {
    paths in target
    allow read, execute beneath /bin, /lib
    allow read_file file /etc/allowed
}

when exec matches /bin/busybox_inside apply inside with nnp

ruleset inside_hanging {
    paths in target
    allow read, execute beneath /bin
    allow read_file file /mnt/hang
}

when exec matches /bin/busybox_hanging apply inside_hanging with nnp
