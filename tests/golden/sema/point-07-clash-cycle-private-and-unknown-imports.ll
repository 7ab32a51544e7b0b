#! args: check
abi 7
import lib/base
import "./lib/base"
import lib/circle_a
import lib/nowhere
import std/pyhton
import "lib/base.ll"
ruleset r extends base._hidden { }
ruleset base { }
#> point-07-clash-cycle-private-and-unknown-imports.ll:4:8: error[E0201]: namespace `base` is declared twice
#>    4 | import "./lib/base"
#>      |        ^^^^^^^^^^^^
#> point-07-clash-cycle-private-and-unknown-imports.ll:3:8: note: first bound here
#>    3 | import lib/base
#>      |        ^^^^^^^^
#> help: give one of the imports another name with `as`
#> point-07-clash-cycle-private-and-unknown-imports.ll:6:8: error[E0202]: no file for the import `lib/nowhere`
#>    6 | import lib/nowhere
#>      |        ^^^^^^^^^^^
#> note: looked for `lib/nowhere.ll`
#> help: -I DIR adds a directory to look in
#> point-07-clash-cycle-private-and-unknown-imports.ll:7:8: error[E0203]: the toolchain's library has no `std/pyhton`
#>    7 | import std/pyhton
#>      |        ^^^^^^^^^^
#> note: `std/` is the toolchain's own library; no other file can take its name
#> help: did you mean `std/python`?
#> point-07-clash-cycle-private-and-unknown-imports.ll:8:8: error[E0204]: the import path `lib/base.ll` ends in `.ll`, which `import` adds itself
#>    8 | import "lib/base.ll"
#>      |        ^^^^^^^^^^^^^
#> point-07-clash-cycle-private-and-unknown-imports.ll:9:19: error[E0207]: ruleset `_hidden` is private to lib/base.ll: its name starts with `_`
#>    9 | ruleset r extends base._hidden { }
#>      |                   ^^^^^^^^^^^^
#> point-07-clash-cycle-private-and-unknown-imports.ll:10:9: error[E0206]: ruleset `base` has the name of a namespace; `base` alone could mean either
#>   10 | ruleset base { }
#>      |         ^^^^
#> point-07-clash-cycle-private-and-unknown-imports.ll:3:8: note: the namespace is bound here
#>    3 | import lib/base
#>      |        ^^^^^^^^
#> help: rename the ruleset, or the import with `as`
#> lib/circle_b.ll:2:8: error[E0205]: imports go in a circle: `lib/circle_a.ll` imports `lib/circle_b.ll` imports `lib/circle_a.ll`
#>    2 | import circle_a
#>      |        ^^^^^^^^
#> exit: 1
