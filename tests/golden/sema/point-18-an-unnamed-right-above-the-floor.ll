#! args: check
abi 7
requires abi 4 leaving ioctl_dev unrestricted
ruleset r { }
when exec matches /x apply r
#> point-18-an-unnamed-right-above-the-floor.ll:3:14: error[E0405]: kernels of ABI 4 do not restrict scope; what the floor gives up must be named
#>    3 | requires abi 4 leaving ioctl_dev unrestricted
#>      |              ^
#> point-18-an-unnamed-right-above-the-floor.ll:4:9: note: `r` restricts scope
#>    4 | ruleset r { }
#>      |         ^
#> note: abstract_unix_socket is known since ABI 6 (Linux 6.12)
#> note: signal is known since ABI 6 (Linux 6.12)
#> help: name what older kernels leave open: `requires abi 4 leaving ioctl_dev, scope unrestricted`
#> exit: 1
