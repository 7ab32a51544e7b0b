abi 7
ruleset x { allow reed beneath /usr }
