#! args: check
abi 7
when file matches /tmp/** deny "no
programs here"
#> point-01-string-that-does-not-end-on-its-line-is-refused.ll:3:32: error[E0110]: this string has no closing quote; strings end on their line
#>    3 | when file matches /tmp/** deny "no
#>      |                                ^
#> help: a quote inside a string is written `\"`
#> exit: 1
