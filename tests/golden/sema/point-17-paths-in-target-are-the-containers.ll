#! args: check
abi 7
ruleset inside { allow read beneath /usr  paths in target }
when in container apply inside
#> exit: 0
