// SPDX-License-Identifier: Apache-2.0
// Names to numbers. Two entries of one number would be two atoms of which only one could be seen, so they are refused.
#include "runtime/match/ids.h"

#include <grp.h>
#include <map>
#include <pwd.h>

namespace landlatch::match {

namespace {

constexpr std::size_t kMaxEntryBytes = 1024UL * 1024;

/// getpwnam_r or getgrnam_r with a buffer that grows.
template <typename Entry, typename Call>
Result<std::optional<std::uint32_t>> lookUp(const std::string& name, Call call, std::uint32_t (*id)(const Entry&)) {
    std::vector<char> buffer(4096);
    while (true) {
        Entry entry{};
        Entry* found = nullptr;
        const int code = call(name.c_str(), &entry, buffer.data(), buffer.size(), &found);
        if (code == ERANGE && buffer.size() < kMaxEntryBytes) {
            buffer.resize(buffer.size() * 2);
            continue;
        }
        if (found != nullptr) {
            return std::optional(id(*found));
        }
        // man 3 getpwnam: several codes mean "not found", depending on the source of names
        if (code == 0 || code == ENOENT || code == ESRCH || code == EBADF || code == EPERM) {
            return std::optional<std::uint32_t>();
        }
        return errnoError(name, code);
    }
}

using Look = Result<std::optional<std::uint32_t>> (IdLookup::*)(const std::string&) const;

/// One list resolved; what is wrong is added to `problems`.
Result<std::vector<std::optional<std::uint32_t>>> resolveList(const std::vector<object::IdName>& names,
                                                              const IdLookup& lookup, Look look, std::string_view kind,
                                                              std::string& problems) {
    std::vector<std::optional<std::uint32_t>> ids;
    std::map<std::uint32_t, std::string> taken;
    const auto problem = [&](const std::string& text) { problems += (problems.empty() ? "" : "; ") + text; };
    for (const object::IdName& name : names) {
        std::optional<std::uint32_t> id = name.number;
        if (!name.numeric) {
            Result<std::optional<std::uint32_t>> found = (lookup.*look)(name.name);
            if (!found) {
                return found.error().within("cannot look up " + std::string(kind));
            }
            id = *found;
        }
        ids.push_back(id);
        if (!id) {
            if (!name.optional) {
                problem("unknown " + std::string(kind) + " '" + name.name + "' (not marked optional)");
            }
            continue;
        }
        const auto [at, fresh] = taken.emplace(*id, name.name);
        if (!fresh) {
            problem(std::string(kind) + "s '" + at->second + "' and '" + name.name + "' are one id here, " +
                    std::to_string(*id));
        }
    }
    return ids;
}

} // namespace

Result<std::optional<std::uint32_t>> SystemIdLookup::user(const std::string& name) const {
    return lookUp<passwd>(name, ::getpwnam_r, [](const passwd& entry) -> std::uint32_t { return entry.pw_uid; });
}

Result<std::optional<std::uint32_t>> SystemIdLookup::group(const std::string& name) const {
    return lookUp<::group>(name, ::getgrnam_r, [](const ::group& entry) -> std::uint32_t { return entry.gr_gid; });
}

Result<IdResolution> resolveIds(const object::Policy& policy, const IdLookup& lookup) {
    std::string problems;
    Result<std::vector<std::optional<std::uint32_t>>> users =
        resolveList(policy.users, lookup, &IdLookup::user, "user", problems);
    if (!users) {
        return users.error();
    }
    Result<std::vector<std::optional<std::uint32_t>>> groups =
        resolveList(policy.groups, lookup, &IdLookup::group, "group", problems);
    if (!groups) {
        return groups.error();
    }
    if (!problems.empty()) {
        return Error{EINVAL, problems};
    }
    return IdResolution{std::move(*users), std::move(*groups)};
}

} // namespace landlatch::match
