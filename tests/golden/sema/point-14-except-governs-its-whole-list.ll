#! args: --emit=rulesets
abi 7
ruleset r {
    allow read_file beneath /home, /srv, /opt except /home/*/.ssh, /srv/{a,b}
    allow execute beneath /home except /home/*/.ssh
    allow read_file each /data/* except /data/private
}
#> ruleset r abi 7
#>   handled execute, write_file, read_file, read_dir, remove_dir, remove_file, make_char, make_dir, make_reg, make_sock, make_fifo, make_block, make_sym, refer, truncate, ioctl_dev, tcp bind, tcp connect, abstract_unix_socket, signal
#>   left none
#>   allow read_file beneath /home except /home/*/.ssh
#>   allow read_file beneath /srv except /srv/{a,b}
#>   allow read_file beneath /opt
#>   allow execute beneath /home except /home/*/.ssh
#>   allow read_file each /data/* except /data/private
#> exit: 0
