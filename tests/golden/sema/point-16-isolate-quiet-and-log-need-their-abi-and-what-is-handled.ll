#! args: check
abi 9
ruleset r {
    leave signal unrestricted
    isolate signal
    isolate siganl
    quiet read beneath /proc
    log new_exce on
}
#> point-16-isolate-quiet-and-log-need-their-abi-and-what-is-handled.ll:5:13: error[E0310]: `signal` is left unrestricted by this ruleset, so it cannot be isolated
#>    5 |     isolate signal
#>      |             ^^^^^^
#> point-16-isolate-quiet-and-log-need-their-abi-and-what-is-handled.ll:6:13: error[E0300]: unknown scope `siganl`
#>    6 |     isolate siganl
#>      |             ^^^^^^
#> help: did you mean `signal`?
#> point-16-isolate-quiet-and-log-need-their-abi-and-what-is-handled.ll:7:5: error[E0402]: `quiet` needs Landlock ABI 10 (Linux 7.2); this file speaks of ABI 9
#>    7 |     quiet read beneath /proc
#>      |     ^^^^^^^^^^^^^^^^^^^^^^^^
#> help: `abi 10` makes this file's words mean what they mean there; `requires abi 9 leaving …` keeps it loading on older kernels
#> point-16-isolate-quiet-and-log-need-their-abi-and-what-is-handled.ll:8:9: error[E0300]: unknown log flag `new_exce`
#>    8 |     log new_exce on
#>      |         ^^^^^^^^
#> help: did you mean `new_exec`?
#> exit: 1
