#! args: check
abi 6
requires abi 5
ruleset r { isolate signal, abstract_unix_socket }
when exec matches /x apply r
#> exit: 0
