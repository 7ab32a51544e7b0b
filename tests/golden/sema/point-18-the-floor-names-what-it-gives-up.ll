#! args: --emit=ir
abi 7
requires abi 4 leaving ioctl_dev, scope unrestricted
ruleset r { }
when exec matches /x apply r
#> abi 7
#> floor 4 leaving ioctl_dev, abstract_unix_socket, signal
#> ruleset r abi 7
#>   handled execute, write_file, read_file, read_dir, remove_dir, remove_file, make_char, make_dir, make_reg, make_sock, make_fifo, make_block, make_sym, refer, truncate, ioctl_dev, tcp bind, tcp connect, abstract_unix_socket, signal
#>   left none
#> rule (unnamed)
#>   when exec /x
#>   apply r
#> exit: 0
