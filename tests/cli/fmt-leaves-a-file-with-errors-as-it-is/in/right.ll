abi   7
