#! args: --emit=ir
abi 7
when under unit "web@*", db.socket, "a{,.scope}" deny
when under user unit app under slice background pass
when under cgroup /system.slice/x.service deny
when in container deny
#> abi 7
#> floor 7 leaving none
#> rule (unnamed)
#>   when unit web@*.service, db.socket, a{.service,.scope}
#>   deny
#> rule (unnamed)
#>   when (user unit app.service and slice background.slice)
#>   pass
#> rule (unnamed)
#>   when cgroup /system.slice/x.service
#>   deny
#> rule (unnamed)
#>   when in container /*.slice/docker-[0-9a-f]*.scope, /docker/[0-9a-f]*, /machine.slice/libpod-[0-9a-f][0-9a-f][0-9a-f]*.scope, /libpod_parent/libpod-[0-9a-f][0-9a-f][0-9a-f]*, /machine.slice/machine-libpod_pod_*.slice/libpod-[0-9a-f][0-9a-f][0-9a-f]*.scope, /kubepods.slice/kubepods-pod*.slice/cri-containerd-[0-9a-f]*.scope, /kubepods.slice/kubepods-*.slice/kubepods-*-pod*.slice/cri-containerd-[0-9a-f]*.scope, /kubepods.slice/kubepods-pod*.slice/crio-[0-9a-f][0-9a-f][0-9a-f]*.scope, /kubepods.slice/kubepods-*.slice/kubepods-*-pod*.slice/crio-[0-9a-f][0-9a-f][0-9a-f]*.scope, /kubepods/{,besteffort/,burstable/}pod*/[0-9a-f]*, /lxc.payload.*, /lxc/*, /machine.slice/systemd-nspawn@*.service/payload, /machine.slice/machine-*.scope
#>   deny
#> exit: 0
