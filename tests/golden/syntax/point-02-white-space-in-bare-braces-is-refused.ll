#! args: check
abi 7
when exec matches /usr/{bin, sbin}/vi pass
#> point-02-white-space-in-bare-braces-is-refused.ll:3:29: error[E0113]: white space inside the braces of a bare path; quote the path or close the brace
#>    3 | when exec matches /usr/{bin, sbin}/vi pass
#>      |                             ^
#> exit: 1
