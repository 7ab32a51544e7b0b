// SPDX-License-Identifier: Apache-2.0
// What the supervisor makes of its process before it serves, and what of the machine must be so.
#pragma once

#include "runtime/base/result.h"
#include "runtime/base/unique_fd.h"

#include <string>

namespace landlatch::supervise {

/// Root in the initial pid namespace, BPF among the LSMs, Landlock on, BTF there, a bpf file system. The error says
/// what is missing and what to do, the boot line included.
Result<void> checkMachine();
/// The part of checkMachine that reads /sys/kernel/security/lsm: what `lsm=` would have to be, or empty where it's
/// fine. `list` is that file's content.
[[nodiscard]] std::string bootLine(std::string_view list);

/// Makes kRunFolder and kPinRoot, root's alone.
Result<void> makeFolders();
/// The same, and takes the supervisor's lock: EAGAIN when another supervisor runs.
Result<UniqueFd> takeFolders();
/// kPinRoot, and in a supervisor that has its folders a path to the same folder by an fd of its own: it keeps the file
/// system, whose pins are what is in force, in place over an unmount.
[[nodiscard]] std::string pinRoot();

/// Real-time priority (not inherited by children), all memory locked, no_new_privs, only the capabilities still needed,
/// not dumpable, the limit of open files raised. What can't be had and isn't needed for safety is left.
Result<void> harden();

} // namespace landlatch::supervise
