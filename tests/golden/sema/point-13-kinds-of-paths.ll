#! args: --emit=rulesets
abi 7
ruleset r {
    allow read beneath /usr, optional /lib64
    allow read file optional /etc/hostname, "/etc/a\*b"
    allow read each /dev/pts/[0-9]*, optional /srv/{a,b}/*.conf
}
#> ruleset r abi 7
#>   handled execute, write_file, read_file, read_dir, remove_dir, remove_file, make_char, make_dir, make_reg, make_sock, make_fifo, make_block, make_sym, refer, truncate, ioctl_dev, tcp bind, tcp connect, abstract_unix_socket, signal
#>   left none
#>   allow read_file, read_dir beneath /usr
#>   allow read_file, read_dir beneath optional /lib64
#>   allow read_file file optional /etc/hostname
#>   allow read_file file /etc/a*b
#>   allow read_file, read_dir each /dev/pts/[0-9]*
#>   allow read_file, read_dir each optional /srv/{a,b}/*.conf
#> exit: 0
