#! args: check
abi 7
ruleset r {
    allow read_file beneath /home except /home/**/.ssh
    allow read_file beneath /srv except /opt/x
    allow read_file beneath /var except /var
    allow read_file file /etc/hosts except /etc/hosts/x
}
#> point-14-except-is-refused-where-it-cannot-hold.ll:4:42: error[E0304]: `**` in an exception; every directory that could hold one is split when the policy loads, so their depth must be fixed
#>    4 |     allow read_file beneath /home except /home/**/.ssh
#>      |                                          ^^^^^^^^^^^^^
#> help: `*` stands for one component; name the levels that hold exceptions
#> point-14-except-is-refused-where-it-cannot-hold.ll:5:41: error[E0306]: `/opt/x` excepts nothing: it is not below any path of its list
#>    5 |     allow read_file beneath /srv except /opt/x
#>      |                                         ^^^^^^
#> point-14-except-is-refused-where-it-cannot-hold.ll:6:41: error[E0307]: `/var` excepts all of `/var`
#>    6 |     allow read_file beneath /var except /var
#>      |                                         ^^^^
#> point-14-except-is-refused-where-it-cannot-hold.ll:6:29: note: nothing of it would be left
#>    6 |     allow read_file beneath /var except /var
#>      |                             ^^^^
#> point-14-except-is-refused-where-it-cannot-hold.ll:7:44: error[E0305]: `except` after `file`; a file has nothing below it to except
#>    7 |     allow read_file file /etc/hosts except /etc/hosts/x
#>      |                                            ^^^^^^^^^^^^
#> exit: 1
