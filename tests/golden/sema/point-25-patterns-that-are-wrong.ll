#! args: check
abi 7
when exec matches "python3" deny
when exec matches "/a/[" deny
when exec matches /a//b deny
when exec matches /a/ deny
when exec matches /srv/**/run deny
#> point-25-patterns-that-are-wrong.ll:3:19: error[E0501]: `python3` does not start with `/`; paths are absolute
#>    3 | when exec matches "python3" deny
#>      |                   ^^^^^^^^^
#> point-25-patterns-that-are-wrong.ll:4:19: error[E0500]: pattern at byte 4: '[' without ']'
#>    4 | when exec matches "/a/[" deny
#>      |                   ^^^^^^
#> point-25-patterns-that-are-wrong.ll:5:19: error[E0303]: path `/a//b` holds `//`
#>    5 | when exec matches /a//b deny
#>      |                   ^^^^^
#> point-25-patterns-that-are-wrong.ll:6:19: error[E0303]: path `/a/` ends in `/`
#>    6 | when exec matches /a/ deny
#>      |                   ^^^
#> point-25-patterns-that-are-wrong.ll:7:19: warning[W1501]: `/srv/**/run` does not match `/srv/run`
#>    7 | when exec matches /srv/**/run deny
#>      |                   ^^^^^^^^^^^
#> help: `/{,**/}` matches both
#> exit: 1
