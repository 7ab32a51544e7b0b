#! args: --emit=ir
abi 7
ruleset a { }
ruleset b { }
when exec matches /x apply b, a with nnp
when exec matches /y audit deny "why"
when exec matches /z pass
#> abi 7
#> floor 7 leaving none
#> ruleset a abi 7
#>   handled execute, write_file, read_file, read_dir, remove_dir, remove_file, make_char, make_dir, make_reg, make_sock, make_fifo, make_block, make_sym, refer, truncate, ioctl_dev, tcp bind, tcp connect, abstract_unix_socket, signal
#>   left none
#> ruleset b abi 7
#>   handled execute, write_file, read_file, read_dir, remove_dir, remove_file, make_char, make_dir, make_reg, make_sock, make_fifo, make_block, make_sym, refer, truncate, ioctl_dev, tcp bind, tcp connect, abstract_unix_socket, signal
#>   left none
#> rule (unnamed)
#>   when exec /x
#>   apply a, b with nnp
#> rule (unnamed) audit
#>   when exec /y
#>   deny "why"
#> rule (unnamed)
#>   when exec /z
#>   pass
#> exit: 0
