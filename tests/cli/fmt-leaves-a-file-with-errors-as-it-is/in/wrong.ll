abi   7
ruleset web { allow exec beneath /usr }
