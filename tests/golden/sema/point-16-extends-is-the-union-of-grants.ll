#! args: --emit=rulesets
abi 7
import lib/base
ruleset child extends base, middle { leave tcp unrestricted  allow execute file /child }
ruleset middle extends top { leave tcp unrestricted  allow read file /middle }
ruleset top {
    leave tcp unrestricted
    allow read file /top
    log new_exec on
    isolate signal
    paths in target
}
when exec matches /x apply child
#> ruleset child abi 7
#>   handled execute, write_file, read_file, read_dir, remove_dir, remove_file, make_char, make_dir, make_reg, make_sock, make_fifo, make_block, make_sym, refer, truncate, ioctl_dev, abstract_unix_socket, signal
#>   left tcp bind, tcp connect
#>   allow execute file /child
#>   allow read_file, read_dir beneath /usr
#>   allow read_file file /middle
#>   allow read_file file /top
#> exit: 0
