#! args: check
abi 7
requires abi 6 leaving ioctl_dev, write, resolve_unix unrestricted
#> point-18-leaving-names-only-what-is-given-up.ll:3:24: error[E0406]: `ioctl_dev` is not given up: every kernel from the floor, ABI 6, restricts it
#>    3 | requires abi 6 leaving ioctl_dev, write, resolve_unix unrestricted
#>      |                        ^^^^^^^^^
#> point-18-leaving-names-only-what-is-given-up.ll:3:35: error[E0315]: `write` is a group; a category or one right is given up
#>    3 | requires abi 6 leaving ioctl_dev, write, resolve_unix unrestricted
#>      |                                   ^^^^^
#> help: its rights: write_file, truncate
#> point-18-leaving-names-only-what-is-given-up.ll:3:42: error[E0402]: `resolve_unix` needs Landlock ABI 9 (Linux 7.1); this file speaks of ABI 7
#>    3 | requires abi 6 leaving ioctl_dev, write, resolve_unix unrestricted
#>      |                                          ^^^^^^^^^^^^
#> help: `abi 9` makes this file's words mean what they mean there; `requires abi 7 leaving …` keeps it loading on older kernels
#> exit: 1
