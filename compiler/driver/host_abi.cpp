// SPDX-License-Identifier: Apache-2.0
#include "compiler/driver/host_abi.h"

#include <sys/syscall.h>
#include <unistd.h>

namespace landlatch::driver {

Result<std::uint32_t> hostAbi() {
    constexpr unsigned kVersionFlag = 1; // LANDLOCK_CREATE_RULESET_VERSION
    const long version = ::syscall(SYS_landlock_create_ruleset, nullptr, 0, kVersionFlag);
    if (version < 1) {
        return errnoError("this kernel offers no Landlock");
    }
    return static_cast<std::uint32_t>(version);
}

} // namespace landlatch::driver
