abi 9
ruleset sockets { allow resolve_unix beneath /run }
