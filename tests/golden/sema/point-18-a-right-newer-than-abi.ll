#! args: check
abi 4
ruleset r {
    allow ioctl_dev file /dev/tty
    allow udp connect 53
    isolate signal
}
#> point-18-a-right-newer-than-abi.ll:4:11: error[E0402]: `ioctl_dev` needs Landlock ABI 5 (Linux 6.10); this file speaks of ABI 4
#>    4 |     allow ioctl_dev file /dev/tty
#>      |           ^^^^^^^^^
#> help: `abi 5` makes this file's words mean what they mean there; `requires abi 4 leaving …` keeps it loading on older kernels
#> point-18-a-right-newer-than-abi.ll:5:15: error[E0402]: `udp connect` needs Landlock ABI 10 (Linux 7.2); this file speaks of ABI 4
#>    5 |     allow udp connect 53
#>      |               ^^^^^^^
#> help: `abi 10` makes this file's words mean what they mean there; `requires abi 4 leaving …` keeps it loading on older kernels
#> point-18-a-right-newer-than-abi.ll:6:13: error[E0402]: `signal` needs Landlock ABI 6 (Linux 6.12); this file speaks of ABI 4
#>    6 |     isolate signal
#>      |             ^^^^^^
#> help: `abi 6` makes this file's words mean what they mean there; `requires abi 4 leaving …` keeps it loading on older kernels
#> exit: 1
