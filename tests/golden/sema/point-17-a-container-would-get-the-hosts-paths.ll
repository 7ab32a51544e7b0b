#! args: check
abi 7
ruleset outside { allow read beneath /usr }
when in container apply outside
#> point-17-a-container-would-get-the-hosts-paths.ll:4:1: warning[W1504]: this rule applies without nnp, and without CAP_SYS_ADMIN such an exec is refused
#>    4 | when in container apply outside
#>      | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
#> help: write `with nnp`, or select `user root`
#> point-17-a-container-would-get-the-hosts-paths.ll:4:19: warning[W1500]: ruleset `outside` would allow paths of the host to a container
#>    4 | when in container apply outside
#>      |                   ^^^^^^^^^^^^^
#> point-17-a-container-would-get-the-hosts-paths.ll:3:9: note: without `paths in target`
#>    3 | ruleset outside { allow read beneath /usr }
#>      |         ^^^^^^^
#> help: `paths in target` opens them in the container
#> exit: 0
