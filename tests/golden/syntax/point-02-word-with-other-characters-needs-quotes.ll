#! args: check
abi 7
when under unit web@*.service deny
#> point-02-word-with-other-characters-needs-quotes.ll:3:17: error[E0111]: `web@*.service` is neither a word, a number nor a path; quote it
#>    3 | when under unit web@*.service deny
#>      |                 ^^^^^^^^^^^^^
#> help: quote it: `"web@*.service"`
#> exit: 1
