#! args: check
abi 7
when exec matches /srv/price$ deny
#> point-02-dollar-without-a-name-is-refused.ll:3:29: error[E0112]: `$` without a name of a variable behind it
#>    3 | when exec matches /srv/price$ deny
#>      |                             ^
#> help: a variable is `$name` or `${space.name}`; a literal dollar sign is `\$`
#> exit: 1
