abi 7
