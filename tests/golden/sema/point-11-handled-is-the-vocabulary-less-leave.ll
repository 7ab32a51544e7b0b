#! args: --emit=rulesets
abi 6
ruleset none_left { }
ruleset some_left { leave tcp connect, ioctl_dev unrestricted  leave signal unrestricted }
#> ruleset none_left abi 6
#>   handled execute, write_file, read_file, read_dir, remove_dir, remove_file, make_char, make_dir, make_reg, make_sock, make_fifo, make_block, make_sym, refer, truncate, ioctl_dev, tcp bind, tcp connect, abstract_unix_socket, signal
#>   left none
#> ruleset some_left abi 6
#>   handled execute, write_file, read_file, read_dir, remove_dir, remove_file, make_char, make_dir, make_reg, make_sock, make_fifo, make_block, make_sym, refer, truncate, tcp bind, abstract_unix_socket
#>   left ioctl_dev, tcp connect, signal
#> exit: 0
