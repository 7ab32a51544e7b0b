#! args: check
abi 7
ruleset r {
    allow read_dir file /etc/hosts
    allow create file /etc/hosts
    allow raed beneath /etc
    allow tcp listen 80
    allow sctp connect 80
}
#> point-12-directory-rights-by-name-on-a-file.ll:4:11: error[E0301]: `read_dir` is a right on directories and cannot be granted on a file
#>    4 |     allow read_dir file /etc/hosts
#>      |           ^^^^^^^^
#> help: `beneath` grants it on a directory and all below it
#> point-12-directory-rights-by-name-on-a-file.ll:5:11: error[E0301]: `create` is a right on directories and cannot be granted on a file
#>    5 |     allow create file /etc/hosts
#>      |           ^^^^^^
#> note: all its rights are directories': make_dir, make_reg, make_sock, make_fifo, make_sym
#> help: `beneath` grants it on a directory and all below it
#> point-12-directory-rights-by-name-on-a-file.ll:6:11: error[E0300]: unknown right `raed`
#>    6 |     allow raed beneath /etc
#>      |           ^^^^
#> help: did you mean `read`?
#> point-12-directory-rights-by-name-on-a-file.ll:7:15: error[E0300]: unknown operation `listen`
#>    7 |     allow tcp listen 80
#>      |               ^^^^^^
#> point-12-directory-rights-by-name-on-a-file.ll:8:11: error[E0300]: unknown protocol `sctp`
#>    8 |     allow sctp connect 80
#>      |           ^^^^
#> help: did you mean `tcp`?
#> exit: 1
