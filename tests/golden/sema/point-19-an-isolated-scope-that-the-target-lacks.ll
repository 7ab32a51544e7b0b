#! args: check --abi 5
abi 6
requires abi 5
ruleset r { isolate signal, abstract_unix_socket }
when exec matches /x apply r
#> point-19-an-isolated-scope-that-the-target-lacks.ll:4:9: error[E0408]: ruleset `r` isolates abstract_unix_socket, signal, which ABI 5 (Linux 6.10) does not know; it does not load there
#>    4 | ruleset r { isolate signal, abstract_unix_socket }
#>      |         ^
#> exit: 1
