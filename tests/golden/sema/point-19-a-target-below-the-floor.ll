#! args: check --abi 3
abi 7
requires abi 4 leaving ioctl_dev, scope unrestricted
ruleset r { }
when exec matches /x apply r
#> point-19-a-target-below-the-floor.ll:3:14: error[E0407]: the kernel compiled for has ABI 3, below the floor, ABI 4
#>    3 | requires abi 4 leaving ioctl_dev, scope unrestricted
#>      |              ^
#> note: below its floor a policy doesn't load
#> exit: 1
