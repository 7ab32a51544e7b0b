// SPDX-License-Identifier: Apache-2.0
// The other end of the supervisor's socket, and how a supervisor comes to be.
#pragma once

#include "runtime/base/result.h"
#include "runtime/base/unique_fd.h"
#include "runtime/supervise/message.h"
#include "runtime/supervise/supervisor.h"

namespace landlatch::load {

/// A connection to a running supervisor of root's; ECONNREFUSED or ENOENT when none runs.
Result<UniqueFd> connect();
/// The same, with a supervisor started in the background where none runs. Returns once it serves.
Result<UniqueFd> connectOrStart(const supervise::SupervisorOptions& options);
/// The same, with one that somebody else starts: waits for it.
Result<UniqueFd> connectOrWait();

/// Whether what `connect` says is that none runs.
bool isNone(const Result<UniqueFd>& socket);

/// Sends a request and waits for the answer; an answer that says it failed is an error.
Result<nlohmann::json> ask(int socket, const nlohmann::json& request, int fd = -1);

/// READY=1, or another state, to the service manager; nothing without one.
void notifyManager(const char* state);

} // namespace landlatch::load
