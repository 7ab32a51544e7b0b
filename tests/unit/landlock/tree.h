// SPDX-License-Identifier: Apache-2.0
// A throwaway directory tree and short ways to say policies about it.
#pragma once

#include "runtime/landlock/load.h"

#include <algorithm>
#include <cstdlib>
#include <dirent.h>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <set>
#include <string>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

namespace landlatch::landlock {

inline constexpr std::uint64_t kReadFile = 1ULL << 2;
inline constexpr std::uint64_t kReadDir = 1ULL << 3;
inline constexpr std::uint64_t kRead = kReadFile | kReadDir;
inline constexpr std::uint64_t kAllFs7 = (1ULL << 16) - 1;

/// The open fds of this process.
inline std::size_t openFds() {
    std::size_t count = 0;
    for ([[maybe_unused]] const auto& entry : std::filesystem::directory_iterator("/proc/self/fd")) {
        ++count;
    }
    return count;
}

/// A temporary directory of this user's, removed with all below.
class Tree {
public:
    Tree() {
        std::string name = (std::filesystem::temp_directory_path() / "landlatch-XXXXXX").string();
        root_ = std::filesystem::canonical(::mkdtemp(name.data())).string();
        ::chmod(root_.c_str(), 0755);
    }
    Tree(const Tree&) = delete;
    Tree& operator=(const Tree&) = delete;
    ~Tree() {
        std::error_code ignored;
        std::filesystem::remove_all(root_, ignored);
    }
    [[nodiscard]] std::string at(const std::string& path) const { return path.empty() ? root_ : root_ + "/" + path; }
    void dir(const std::string& path, mode_t mode = 0755) const {
        std::filesystem::create_directories(at(path));
        ::chmod(at(path).c_str(), mode);
    }
    void file(const std::string& path, const std::string& text = "x") const {
        std::filesystem::create_directories(std::filesystem::path(at(path)).parent_path());
        std::ofstream(at(path)) << text;
    }
    void link(const std::string& path, const std::string& target) const {
        std::filesystem::create_directories(std::filesystem::path(at(path)).parent_path());
        ASSERT_EQ(::symlink(target.c_str(), at(path).c_str()), 0);
    }

private:
    std::string root_;
};

inline object::PathTemplate literal(const std::string& text) { return {{std::nullopt, text}}; }

inline object::PathGrant grant(object::PathKind kind, const std::string& path, std::uint64_t access = kRead) {
    object::PathGrant out;
    out.kind = kind;
    out.path = literal(path);
    out.access = access;
    out.file = "web.ll";
    out.line = 7;
    return out;
}
inline object::PathGrant beneath(const std::string& path, std::uint64_t access = kRead) {
    return grant(object::PathKind::kBeneath, path, access);
}
inline object::PathGrant except(object::PathGrant base, const std::vector<std::string>& exceptions) {
    for (const std::string& exception : exceptions) {
        base.except.push_back(literal(exception));
    }
    return base;
}
inline object::PathGrant optional(object::PathGrant base) {
    base.optional = true;
    return base;
}

/// A policy of one ruleset with these grants.
inline object::Policy policyOf(std::vector<object::PathGrant> paths) {
    object::Policy policy;
    policy.abi = 7;
    policy.floor = 7;
    object::Ruleset ruleset;
    ruleset.name = "web";
    ruleset.file = "web.ll";
    ruleset.abi = 7;
    ruleset.handled_fs = kAllFs7;
    ruleset.paths = std::move(paths);
    policy.rulesets.push_back(std::move(ruleset));
    return policy;
}

inline Result<ResolvedRuleset> resolveOnly(const object::Policy& policy, const ResolveOptions& options = {}) {
    auto params = ParamValues::make(policy, {}, {});
    if (!params) {
        return params.error();
    }
    return resolve(policy, 0, *params, options);
}

/// The granted paths, relative to `tree`, sorted.
inline std::set<std::string> granted(const ResolvedRuleset& resolved, const Tree& tree) {
    std::set<std::string> paths;
    for (const RetainedPath& path : resolved.paths) {
        const std::string root = tree.at("");
        paths.insert(path.path.starts_with(root + "/") ? path.path.substr(root.size() + 1) : path.path);
    }
    return paths;
}

using Paths = std::set<std::string>;

inline bool has(const std::vector<std::string>& notes, const std::string& part) {
    return std::any_of(notes.begin(), notes.end(),
                       [&](const std::string& note) { return note.find(part) != std::string::npos; });
}

} // namespace landlatch::landlock
