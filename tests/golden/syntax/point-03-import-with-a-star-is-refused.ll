#! args: check
import std/*
abi 7
#> point-03-import-with-a-star-is-refused.ll:2:12: error[E0111]: `*` is neither a word, a number nor a path; quote it
#>    2 | import std/*
#>      |            ^
#> help: quote it: `"*"`
#> exit: 1
