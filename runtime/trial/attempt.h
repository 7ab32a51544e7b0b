// SPDX-License-Identifier: Apache-2.0
// One access as a system call that changes nothing.
#pragma once

#include "runtime/trial/trial.h"

#include <sys/types.h>

namespace landlatch::trial {

/// Whom a child can try to reach beyond its domain.
struct Outside {
    pid_t process = 0;
    std::string socket; ///< name of a listening abstract UNIX socket, without the leading NUL
};

/// Why `access` is not to be tried on this machine, or "".
std::string notTried(const Access& access);

/// Tries it in the calling process: 0 when it goes through as far as it should, else the errno. kDenied where what
/// fails is what Landlock fails with; other errors are the machine's.
int attempt(const Access& access, const Outside& outside);

} // namespace landlatch::trial
