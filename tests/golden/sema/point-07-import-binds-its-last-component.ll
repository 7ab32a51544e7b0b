#! args: --emit=ir
abi 7
import "lib/base"
import lib/rules as shared
when exec matches /usr/bin/web apply base
#> abi 7
#> floor 7 leaving none
#> ruleset base abi 7
#>   handled execute, write_file, read_file, read_dir, remove_dir, remove_file, make_char, make_dir, make_reg, make_sock, make_fifo, make_block, make_sym, refer, truncate, ioctl_dev, tcp bind, tcp connect, abstract_unix_socket, signal
#>   left none
#>   allow read_file, read_dir beneath /usr
#> rule (unnamed)
#>   when exec /usr/bin/web
#>   apply base
#> exit: 0
