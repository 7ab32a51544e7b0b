// SPDX-License-Identifier: Apache-2.0
// Accesses as a command line names them.
#include "compiler/query/explain.h"
#include "compiler/sema/paths.h"
#include "runtime/landlock/params.h"

#include <fmt/format.h>

namespace landlatch::query {

namespace {

std::optional<abi::Right> rightOf(std::string_view name, abi::Category category) {
    for (const abi::Right& right : abi::kRights) {
        if (right.name == name && right.category == category) {
            return right;
        }
    }
    return std::nullopt;
}

/// The fs rights of one word, a group or a right; 0 for neither.
std::uint64_t maskOf(std::string_view word) {
    for (const abi::Group& group : abi::kGroups) {
        if (group.name == word) {
            return group.fs;
        }
    }
    const std::optional<abi::Right> right = rightOf(word, abi::Category::kFs);
    return right ? std::uint64_t{1} << right->bit : 0;
}

} // namespace

Result<std::vector<Asked>> askPath(const std::string& path, const std::string& rights) {
    if (const std::string_view problem = sema::canonicalProblem(path); !problem.empty()) {
        return Error{0, fmt::format("--path {} {}", path, problem)};
    }
    std::uint64_t mask = 0;
    std::size_t begin = 0;
    while (begin <= rights.size()) {
        const std::size_t end = std::min(rights.find(',', begin), rights.size());
        std::string word = rights.substr(begin, end - begin);
        word.erase(0, word.find_first_not_of(' '));
        const std::uint64_t one = maskOf(word);
        if (one == 0) {
            return Error{0, fmt::format("--right {}: no filesystem right or group of them", word)};
        }
        mask |= one;
        begin = end + 1;
    }
    std::vector<Asked> asked;
    for (const abi::Right& right : abi::kRights) {
        if (right.category == abi::Category::kFs && (mask >> right.bit & 1) != 0) {
            asked.push_back({{abi::Category::kFs, right.bit, path, 0}, fmt::format("{} {}", right.name, path)});
        }
    }
    return asked;
}

Result<std::vector<Asked>> askPort(std::string_view name, const std::string& port) {
    const Result<object::PortRange> parsed = landlock::parsePort(port);
    if (!parsed) {
        return parsed.error().within(fmt::format("{} {}", name, port));
    }
    const bool tcp = name.starts_with("tcp");
    const std::optional<abi::Right> right = rightOf(name, tcp ? abi::Category::kTcp : abi::Category::kUdp);
    return std::vector<Asked>{
        {{right->category, right->bit, "", parsed->first}, fmt::format("{} {}", name, parsed->first)}};
}

Result<std::vector<Asked>> askScope(const std::string& scope) {
    const std::optional<abi::Right> right = rightOf(scope, abi::Category::kScope);
    if (!right) {
        return Error{0, fmt::format("--scope {}: write signal or abstract_unix_socket", scope)};
    }
    return std::vector<Asked>{{{right->category, right->bit, "", 0}, "scope " + scope}};
}

} // namespace landlatch::query
