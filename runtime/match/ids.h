// SPDX-License-Identifier: Apache-2.0
// Users and groups of a policy, as numbers of this machine (language point 24).
#pragma once

#include "runtime/base/result.h"
#include "runtime/object/policy.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace landlatch::match {

/// Where names of users and groups are looked up; tests give their own.
class IdLookup {
public:
    virtual ~IdLookup() = default;
    /// The id of a name; unset where there is no such name. An Error only when the database can't be read.
    virtual Result<std::optional<std::uint32_t>> user(const std::string& name) const = 0;
    virtual Result<std::optional<std::uint32_t>> group(const std::string& name) const = 0;
};

/// The machine's own databases (getpwnam_r, getgrnam_r).
class SystemIdLookup final : public IdLookup {
public:
    Result<std::optional<std::uint32_t>> user(const std::string& name) const override;
    Result<std::optional<std::uint32_t>> group(const std::string& name) const override;
};

/// Numbers of Policy::users and Policy::groups, in their order; unset for an `optional` name that doesn't exist here.
struct IdResolution {
    std::vector<std::optional<std::uint32_t>> users;
    std::vector<std::optional<std::uint32_t>> groups;
};

/// Refuses the load when a name not marked `optional` is unknown, or when two entries of one list are the same id: the
/// compiler took them for different ones. The error lists every such name.
Result<IdResolution> resolveIds(const object::Policy& policy, const IdLookup& lookup);

} // namespace landlatch::match
