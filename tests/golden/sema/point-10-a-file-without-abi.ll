#! args: check
ruleset r { allow read beneath /usr }
#> point-10-a-file-without-abi.ll:1:1: error[E0400]: point-10-a-file-without-abi.ll has no `abi`, which fixes what its words mean
#>    1 | #! args: check
#>      | ^
#> help: start the file with `abi N`, the newest Landlock ABI whose rights it speaks of
#> exit: 1
