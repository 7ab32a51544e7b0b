#! args: check
abi 7
let ports = []
