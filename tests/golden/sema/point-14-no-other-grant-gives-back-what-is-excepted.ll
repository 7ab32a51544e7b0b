#! args: check
abi 7
ruleset top { allow execute beneath / }
ruleset above { allow read_file beneath /home except /home/*/.ssh  allow execute beneath /home }
ruleset inside { allow read_file beneath /home except /home/*/.ssh  allow read_file file /home/u/.ssh/config }
ruleset inherited extends top { allow read_file beneath /home except /home/*/.ssh }
#> point-14-no-other-grant-gives-back-what-is-excepted.ll:3:37: error[E0308]: this grant gives back `/home/*/.ssh`, which another grant of the ruleset excepts
#>    3 | ruleset top { allow execute beneath / }
#>      |                                     ^
#> point-14-no-other-grant-gives-back-what-is-excepted.ll:6:70: note: excepted here
#>    6 | ruleset inherited extends top { allow read_file beneath /home except /home/*/.ssh }
#>      |                                                                      ^^^^^^^^^^^^
#> help: Landlock adds grants up: take it out of this one with `except` too, or drop the exception
#> point-14-no-other-grant-gives-back-what-is-excepted.ll:4:90: error[E0308]: this grant gives back `/home/*/.ssh`, which another grant of the ruleset excepts
#>    4 | …bove { allow read_file beneath /home except /home/*/.ssh  allow execute beneath /home }
#>      |                                                                                  ^^^^^
#> point-14-no-other-grant-gives-back-what-is-excepted.ll:4:54: note: excepted here
#>    4 | ruleset above { allow read_file beneath /home except /home/*/.ssh  allow execute beneath /home }
#>      |                                                      ^^^^^^^^^^^^
#> help: Landlock adds grants up: take it out of this one with `except` too, or drop the exception
#> point-14-no-other-grant-gives-back-what-is-excepted.ll:5:90: error[E0308]: this grant gives back `/home/*/.ssh`, which another grant of the ruleset excepts
#>    5 | …nside { allow read_file beneath /home except /home/*/.ssh  allow read_file file /home/u/.ssh/config }
#>      |                                                                                  ^^^^^^^^^^^^^^^^^^^
#> point-14-no-other-grant-gives-back-what-is-excepted.ll:5:55: note: excepted here
#>    5 | ruleset inside { allow read_file beneath /home except /home/*/.ssh  allow read_file file /home/u/.ssh/config }
#>      |                                                       ^^^^^^^^^^^^
#> help: Landlock adds grants up: take it out of this one with `except` too, or drop the exception
#> exit: 1
