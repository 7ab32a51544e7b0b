#! args: check
abi 7
abi 8
requires abi 99
#> point-10-abi-is-stated-once-and-known.ll:3:1: error[E0403]: a second `abi`; a file states it once
#>    3 | abi 8
#>      | ^^^^^
#> point-10-abi-is-stated-once-and-known.ll:2:1: note: first here
#>    2 | abi 7
#>      | ^^^^^
#> point-10-abi-is-stated-once-and-known.ll:4:14: error[E0401]: unknown Landlock ABI 99; this compiler knows 1 to 11
#>    4 | requires abi 99
#>      |              ^^
#> exit: 1
