#! args: check
abi 7
ruleset r { allow read, create beneath /home except /home/*/.ssh }
#> point-14-what-split-directories-lose-is-said.ll:3:40: warning[W1300]: `/home` and the directories between it and the exceptions cannot keep read_dir, make_dir, make_reg, make_sock, make_fifo, make_sym: directories that are split for an exception have no rights of their own
#>    3 | ruleset r { allow read, create beneath /home except /home/*/.ssh }
#>      |                                        ^^^^^
#> point-14-what-split-directories-lose-is-said.ll:3:53: note: split for this exception
#>    3 | ruleset r { allow read, create beneath /home except /home/*/.ssh }
#>      |                                                     ^^^^^^^^^^^^
#> note: what is created there after loading has no rights either
#> exit: 0
