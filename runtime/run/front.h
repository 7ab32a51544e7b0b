// SPDX-License-Identifier: Apache-2.0
// llrun's three processes.
//
//   front    what the user started: stays in the shell's job, stops when the command stops and ends as it ends
//   command  child of the front, in its process group; all that a terminal or shell sends it arrives as ever
//   tracer   a session of its own, so that no Ctrl-Z or hang-up stops it; traces the command and all it starts
//
// A front apart from the tracer is what ptrace(2) asks for: only a real parent that isn't the tracer sees its child
// stop and continue as job control has it. When the front dies, the tracer dies (PDEATHSIG); when the tracer dies, the
// tree dies (EXITKILL).
#pragma once

#include "runtime/landlock/load.h"
#include "runtime/run/report.h"
#include "runtime/tree/loaded_policy.h"

#include <string>
#include <vector>

namespace landlatch::run {

struct Launch {
    std::vector<std::string> command;
    const tree::LoadedPolicy* policy = nullptr;
    const landlock::FdLimit* limit = nullptr;
    Reporter* reporter = nullptr;
    bool audit = false;
};

/// Runs the command under the policy. Returns llrun's exit code, or ends this process by the signal that ended the
/// command.
int runTree(const Launch& launch);

} // namespace landlatch::run
