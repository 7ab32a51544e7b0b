// SPDX-License-Identifier: Apache-2.0
// Access masks by the names of the ABI table.
#include "compiler/ir/dump.h"
#include "runtime/landlock/abi.h"

#include <initializer_list>

namespace landlatch::ir {

namespace {

void append(std::string& out, std::string_view name) {
    if (!out.empty()) {
        out += ", ";
    }
    out += name;
}

std::string names(std::uint64_t mask, std::initializer_list<abi::Category> categories) {
    std::string out;
    for (const abi::Right& right : abi::kRights) {
        for (const abi::Category category : categories) {
            if (right.category == category && (mask >> right.bit & 1) != 0) {
                append(out, right.name);
            }
        }
    }
    return out.empty() ? "none" : out;
}

} // namespace

std::string fsNames(std::uint64_t fs) { return names(fs, {abi::Category::kFs}); }

std::string netNames(std::uint64_t net) { return names(net, {abi::Category::kTcp, abi::Category::kUdp}); }

std::string scopeNames(std::uint64_t scoped) { return names(scoped, {abi::Category::kScope}); }

std::string accessNames(const Access& access) {
    std::string out;
    if (access.fs != 0) {
        append(out, fsNames(access.fs));
    }
    if (access.net != 0) {
        append(out, netNames(access.net));
    }
    if (access.scoped != 0) {
        append(out, scopeNames(access.scoped));
    }
    return out.empty() ? "none" : out;
}

} // namespace landlatch::ir
