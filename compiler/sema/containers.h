// SPDX-License-Identifier: Apache-2.0
// What `in container` means: the one list of cgroup patterns (language point 23). docs/containers.md shows it.
#pragma once

#include <array>
#include <string_view>

namespace landlatch::sema {

struct ContainerPattern {
    std::string_view manager; ///< who makes such cgroups
    std::string_view cgroup;  ///< glob of the container's cgroup; what is below is in the container too
};

/// Only places that root's managers make: anchored at the root of the cgroup tree and outside of user@UID.service,
/// where a user could make a cgroup of any name. So rootless containers are not `in container`; select them with
/// `under cgroup`. Container ids are hexadecimal, which keeps out the monitors that run beside a container on the
/// host (libpod-conmon-…, crio-conmon-…, lxc.monitor.…).
inline constexpr std::array<ContainerPattern, 14> kContainerPatterns = {{
    {"docker, systemd driver", "/*.slice/docker-[0-9a-f]*.scope"},
    {"docker, cgroupfs driver", "/docker/[0-9a-f]*"},
    {"libpod, systemd driver", "/machine.slice/libpod-[0-9a-f][0-9a-f][0-9a-f]*.scope"},
    {"libpod, cgroupfs driver", "/libpod_parent/libpod-[0-9a-f][0-9a-f][0-9a-f]*"},
    {"libpod pods", "/machine.slice/machine-libpod_pod_*.slice/libpod-[0-9a-f][0-9a-f][0-9a-f]*.scope"},
    {"cri-containerd, guaranteed pods", "/kubepods.slice/kubepods-pod*.slice/cri-containerd-[0-9a-f]*.scope"},
    {"cri-containerd, other pods",
     "/kubepods.slice/kubepods-*.slice/kubepods-*-pod*.slice/cri-containerd-[0-9a-f]*.scope"},
    {"cri-o, guaranteed pods", "/kubepods.slice/kubepods-pod*.slice/crio-[0-9a-f][0-9a-f][0-9a-f]*.scope"},
    {"cri-o, other pods",
     "/kubepods.slice/kubepods-*.slice/kubepods-*-pod*.slice/crio-[0-9a-f][0-9a-f][0-9a-f]*.scope"},
    {"cri, cgroupfs driver", "/kubepods/{,besteffort/,burstable/}pod*/[0-9a-f]*"},
    {"lxc", "/lxc.payload.*"},
    {"lxc before 4.0", "/lxc/*"},
    {"systemd-nspawn, as a unit", "/machine.slice/systemd-nspawn@*.service/payload"},
    {"systemd-nspawn, from the command line", "/machine.slice/machine-*.scope"},
}};

} // namespace landlatch::sema
