abi 9
requires abi 8 leaving resolve_unix unrestricted
ruleset newer { allow read, resolve_unix beneath /run }
