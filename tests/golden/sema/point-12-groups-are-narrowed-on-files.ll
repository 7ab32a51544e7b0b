#! args: --emit=rulesets
abi 7
ruleset r {
    allow read, write file /etc/hosts
    allow all file /dev/null
    allow read, create, remove, devices beneath /srv
}
#> ruleset r abi 7
#>   handled execute, write_file, read_file, read_dir, remove_dir, remove_file, make_char, make_dir, make_reg, make_sock, make_fifo, make_block, make_sym, refer, truncate, ioctl_dev, tcp bind, tcp connect, abstract_unix_socket, signal
#>   left none
#>   allow write_file, read_file, truncate file /etc/hosts
#>   allow execute, write_file, read_file, truncate, ioctl_dev file /dev/null
#>   allow read_file, read_dir, remove_dir, remove_file, make_char, make_dir, make_reg, make_sock, make_fifo, make_block, make_sym beneath /srv
#> exit: 0
