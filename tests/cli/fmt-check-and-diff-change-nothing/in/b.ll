abi 7
let x = /a
