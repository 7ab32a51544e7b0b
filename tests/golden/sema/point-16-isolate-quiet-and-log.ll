#! args: --emit=rulesets
abi 10
ruleset r {
    isolate signal
    quiet read beneath /proc
    quiet write file /dev/null
    quiet tcp connect 53
    quiet scope abstract_unix_socket
    log new_exec on
    log same_exec off
    log subdomains off
}
#> ruleset r abi 10
#>   handled execute, write_file, read_file, read_dir, remove_dir, remove_file, make_char, make_dir, make_reg, make_sock, make_fifo, make_block, make_sym, refer, truncate, ioctl_dev, resolve_unix, tcp bind, tcp connect, udp bind, udp connect, abstract_unix_socket, signal
#>   left none
#>   isolate signal
#>   log same_exec off
#>   log new_exec on
#>   log subdomains off
#>   quiet read_file, read_dir beneath /proc
#>   quiet write_file, truncate file /dev/null
#>   quiet tcp connect 53
#>   quiet scope abstract_unix_socket
#> exit: 0
