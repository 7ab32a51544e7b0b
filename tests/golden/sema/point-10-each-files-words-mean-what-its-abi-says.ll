#! args: --emit=rulesets
abi 2
import lib/base
ruleset r extends base {
    allow write beneath /srv
    allow all beneath /opt
}
#> ruleset r abi 2
#>   handled execute, write_file, read_file, read_dir, remove_dir, remove_file, make_char, make_dir, make_reg, make_sock, make_fifo, make_block, make_sym, refer
#>   left none
#>   allow write_file beneath /srv
#>   allow execute, write_file, read_file, read_dir, remove_dir, remove_file, make_char, make_dir, make_reg, make_sock, make_fifo, make_block, make_sym, refer beneath /opt
#>   allow read_file, read_dir beneath /usr
#> exit: 0
