#! args: check
abi 10
ruleset base { allow read, execute beneath /usr }
ruleset weak extends base {
    allow write beneath /
    allow execute beneath /tmp
    leave udp unrestricted
}
ruleset weaker extends weak { leave udp unrestricted; allow execute beneath /var/tmp }
when under unit web always apply base with nnp
#> weak-rulesets-that-nothing-applies.ll:4:9: warning[W1301]: ruleset `weak` restricts tcp and leaves udp open
#>    4 | ruleset weak extends base {
#>      |         ^^^^
#> weak-rulesets-that-nothing-applies.ll:5:25: warning[W1303]: ruleset `weak` allows write_file, truncate beneath `/`
#>    5 |     allow write beneath /
#>      |                         ^
#> help: name the directories that are written to
#> weak-rulesets-that-nothing-applies.ll:6:27: warning[W1302]: ruleset `weak` allows execute in `/tmp`, which everyone can write
#>    6 |     allow execute beneath /tmp
#>      |                           ^^^^
#> help: whoever can write there chooses what runs
#> weak-rulesets-that-nothing-applies.ll:9:9: warning[W1200]: ruleset `weaker` is never used
#>    9 | ruleset weaker extends weak { leave udp unrestricted; allow execute beneath /var/tmp }
#>      |         ^^^^^^
#> weak-rulesets-that-nothing-applies.ll:9:9: warning[W1301]: ruleset `weaker` restricts tcp and leaves udp open
#>    9 | ruleset weaker extends weak { leave udp unrestricted; allow execute beneath /var/tmp }
#>      |         ^^^^^^
#> weak-rulesets-that-nothing-applies.ll:9:77: warning[W1302]: ruleset `weaker` allows execute in `/var/tmp`, which everyone can write
#>    9 | ruleset weaker extends weak { leave udp unrestricted; allow execute beneath /var/tmp }
#>      |                                                                             ^^^^^^^^
#> help: whoever can write there chooses what runs
#> exit: 0
