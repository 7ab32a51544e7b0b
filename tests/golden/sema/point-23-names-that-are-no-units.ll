#! args: check
abi 7
when under unit user.slice deny
when under unit "system.slice/web" deny
when under slice web.service deny
when under cgroup "docker" deny
#> point-23-names-that-are-no-units.ll:3:17: error[E0503]: `user.slice` is a slice, which is never the unit of a process
#>    3 | when under unit user.slice deny
#>      |                 ^^^^^^^^^^
#> help: a slice holds units: write `under slice`
#> point-23-names-that-are-no-units.ll:4:17: error[E0502]: unit name `system.slice/web` holds a `/`
#>    4 | when under unit "system.slice/web" deny
#>      |                 ^^^^^^^^^^^^^^^^^^
#> help: `under cgroup` takes whole paths
#> point-23-names-that-are-no-units.ll:5:18: error[E0502]: slice name `web.service` is another kind of unit
#>    5 | when under slice web.service deny
#>      |                  ^^^^^^^^^^^
#> help: write `under unit`
#> point-23-names-that-are-no-units.ll:6:19: error[E0501]: `docker` does not start with `/`; cgroups are written from the root of the cgroup tree, as /proc/PID/cgroup shows them
#>    6 | when under cgroup "docker" deny
#>      |                   ^^^^^^^^
#> exit: 1
