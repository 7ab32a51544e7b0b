#! args: check
abi 7
requires abi 7
ruleset r { allow read beneath /usr }
ruleset s { allow read beneath /lib }
rule a: when file matches /srv/** apply r
rule b: when exec matches /srv/x apply s
rule c: when script matches /srv/x apply s
prefer b over c
#> point-21-file-is-exec-or-script.ll:6:1: warning[W1502]: rule `a` selects programs by path; a copy of one has another path, and no rule covers it
#>    6 | rule a: when file matches /srv/** apply r
#>      | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
#> note: so do 2 more rules
#> help: hold code that may be hostile by where it runs: `when under unit … always apply …`
#> point-21-file-is-exec-or-script.ll:6:1: warning[W1504]: rule `a` applies without nnp, and without CAP_SYS_ADMIN such an exec is refused
#>    6 | rule a: when file matches /srv/** apply r
#>      | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
#> help: write `with nnp`, or select `user root`
#> point-21-file-is-exec-or-script.ll:7:1: warning[W1504]: rule `b` applies without nnp, and without CAP_SYS_ADMIN such an exec is refused
#>    7 | rule b: when exec matches /srv/x apply s
#>      | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
#> help: write `with nnp`, or select `user root`
#> point-21-file-is-exec-or-script.ll:8:1: warning[W1504]: rule `c` applies without nnp, and without CAP_SYS_ADMIN such an exec is refused
#>    8 | rule c: when script matches /srv/x apply s
#>      | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
#> help: write `with nnp`, or select `user root`
#> point-21-file-is-exec-or-script.ll:8:1: warning[W1505]: rule `c` selects by script; a script that is given to its interpreter by name is none
#>    8 | rule c: when script matches /srv/x apply s
#>      | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
#> help: `python3 x.py` execs python3: select the interpreter with `exec matches` as well
#> exit: 0
