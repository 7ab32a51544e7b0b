#! args: --emit=ir
abi 7
when parent exec matches /usr/sbin/sshd and ancestor exec matches /usr/bin/tmux deny
#> abi 7
#> floor 7 leaving none
#> rule (unnamed)
#>   when (parent exec /usr/sbin/sshd and ancestor exec /usr/bin/tmux)
#>   deny
#> exit: 0
