#! args: check
abi 9
ruleset web { allow read beneath /usr }
rule app: when script matches /srv/app/**.py under unit web apply web with nnp
when file matches /srv/both/** under unit web apply web with nnp
when under unit mail script matches /srv/mail apply web with nnp
when under unit mail always apply web with nnp
#> script-that-is-given-to-its-interpreter.ll:4:1: warning[W1502]: rule `app` selects programs by path; a copy of one has another path, and no rule covers it
#>    4 | rule app: when script matches /srv/app/**.py under unit web apply web with nnp
#>      | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
#> note: so does one more rule
#> help: hold code that may be hostile by where it runs: `when under unit … always apply …`
#> script-that-is-given-to-its-interpreter.ll:4:1: warning[W1505]: rule `app` selects by script; a script that is given to its interpreter by name is none
#>    4 | rule app: when script matches /srv/app/**.py under unit web apply web with nnp
#>      | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
#> help: `python3 x.py` execs python3: select the interpreter with `exec matches` as well
#> exit: 0
