// SPDX-License-Identifier: Apache-2.0
#include "compiler/sema/rights.h"

#include "compiler/ir/dump.h"
#include "runtime/landlock/abi.h"

#include <algorithm>
#include <array>

namespace landlatch::sema {

namespace {

constexpr std::array<LogFlag, 3> kLogFlags = {{
    {"same_exec", true, &ir::LogFlags::same_exec_off},
    {"new_exec", false, &ir::LogFlags::new_exec_on},
    {"subdomains", true, &ir::LogFlags::subdomains_off},
}};

constexpr std::array<std::pair<std::string_view, abi::Category>, 4> kCategories = {{
    {"fs", abi::Category::kFs},
    {"tcp", abi::Category::kTcp},
    {"udp", abi::Category::kUdp},
    {"scope", abi::Category::kScope},
}};

ir::Access accessOf(const abi::Right& right) {
    const std::uint64_t bit = 1ULL << right.bit;
    switch (right.category) {
    case abi::Category::kFs:
        return {bit, 0, 0};
    case abi::Category::kTcp:
    case abi::Category::kUdp:
        return {0, bit, 0};
    case abi::Category::kScope:
        return {0, 0, bit};
    case abi::Category::kLog:
        return {};
    }
    return {};
}

const abi::Right* findRight(std::string_view name, std::initializer_list<abi::Category> categories) {
    for (const abi::Right& right : abi::kRights) {
        if (right.name == name && std::find(categories.begin(), categories.end(), right.category) != categories.end()) {
            return &right;
        }
    }
    return nullptr;
}

/// All rights of a category that ABIs up to `abi` know, and the first ABI that knows any.
struct CategoryRights {
    ir::Access access;
    std::uint32_t since = abi::kLatest + 1;
};
CategoryRights rightsOf(abi::Category category, std::uint32_t up_to) {
    CategoryRights found;
    for (const abi::Right& right : abi::kRights) {
        if (right.category == category) {
            found.since = std::min(found.since, right.abi);
            if (right.abi <= up_to) {
                found.access = found.access | accessOf(right);
            }
        }
    }
    return found;
}

std::vector<std::string> rightNames(std::initializer_list<abi::Category> categories) {
    std::vector<std::string> names;
    for (const abi::Right& right : abi::kRights) {
        if (std::find(categories.begin(), categories.end(), right.category) != categories.end()) {
            names.emplace_back(right.name);
        }
    }
    return names;
}

} // namespace

ir::Access vocabulary(std::uint32_t abi) {
    const abi::Masks masks = abi::known(abi);
    return {masks.fs, masks.net, masks.scoped};
}

ir::Access operator&(const ir::Access& a, const ir::Access& b) {
    return {a.fs & b.fs, a.net & b.net, a.scoped & b.scoped};
}

ir::Access operator|(const ir::Access& a, const ir::Access& b) {
    return {a.fs | b.fs, a.net | b.net, a.scoped | b.scoped};
}

ir::Access without(const ir::Access& a, const ir::Access& b) {
    return {a.fs & ~b.fs, a.net & ~b.net, a.scoped & ~b.scoped};
}

bool empty(const ir::Access& access) { return access == ir::Access{}; }

std::string compactNames(const ir::Access& access, const ir::Access& of) {
    std::string out;
    for (const auto& [name, category] : kCategories) {
        const ir::Access all = rightsOf(category, abi::kLatest).access & of;
        const ir::Access have = rightsOf(category, abi::kLatest).access & access;
        if (empty(have)) {
            continue;
        }
        out += (out.empty() ? "" : ", ") + (have == all ? std::string(name) : ir::accessNames(have));
    }
    return out;
}

bool Rights::newer(const ast::Word& word, std::string_view name, std::uint32_t since) const {
    if (since <= abi_) {
        return false;
    }
    context_
        .report(
            diag::Id::kRightNewerThanAbi, word.span,
            {std::string(name), std::to_string(since), std::string(abi::kLinuxRelease[since]), std::to_string(abi_)})
        .help("`abi " + std::to_string(since) + "` makes this file's words mean what they mean there; `requires abi " +
              std::to_string(abi_) + " leaving …` keeps it loading on older kernels");
    return true;
}

void Rights::unknown(const ast::Word& word, std::string_view kind, const std::vector<std::string>& candidates) const {
    diag::Diagnostic& diagnostic = context_.report(diag::Id::kUnknownRight, word.span, {std::string(kind), word.text});
    context_.suggest(diagnostic, word.span, word.text, candidates);
}

std::vector<FsWord> Rights::fs(const std::vector<ast::Word>& words) const {
    std::vector<FsWord> found;
    for (const ast::Word& word : words) {
        const auto* group = std::find_if(abi::kGroups.begin(), abi::kGroups.end(),
                                         [&](const abi::Group& g) { return g.name == word.text; });
        if (group != abi::kGroups.end()) {
            found.push_back({&word, group->fs & abi::known(abi_).fs, true});
        } else if (const abi::Right* right = findRight(word.text, {abi::Category::kFs})) {
            if (!newer(word, right->name, right->abi)) {
                found.push_back({&word, 1ULL << right->bit, false});
            }
        } else {
            std::vector<std::string> candidates = rightNames({abi::Category::kFs});
            for (const abi::Group& known : abi::kGroups) {
                candidates.emplace_back(known.name);
            }
            unknown(word, "right", candidates);
        }
    }
    return found;
}

std::uint64_t Rights::net(const ast::Word& protocol, const std::vector<ast::Word>& operations) const {
    std::uint64_t mask = 0;
    if (protocol.text != "tcp" && protocol.text != "udp") {
        unknown(protocol, "protocol", {"tcp", "udp"});
        return 0;
    }
    for (const ast::Word& operation : operations) {
        const std::string name = protocol.text + " " + operation.text;
        const abi::Right* right = findRight(name, {abi::Category::kTcp, abi::Category::kUdp});
        if (right == nullptr) {
            unknown(operation, "operation", {"connect", "bind"});
        } else if (!newer(operation, right->name, right->abi)) {
            mask |= 1ULL << right->bit;
        }
    }
    return mask;
}

std::uint64_t Rights::scopes(const std::vector<ast::Word>& words) const {
    std::uint64_t mask = 0;
    for (const ast::Word& word : words) {
        const abi::Right* right = findRight(word.text, {abi::Category::kScope});
        if (right == nullptr) {
            unknown(word, "scope", rightNames({abi::Category::kScope}));
        } else if (!newer(word, right->name, right->abi)) {
            mask |= 1ULL << right->bit;
        }
    }
    return mask;
}

ir::Access Rights::givenUp(const ast::Word& word) const {
    for (const auto& [name, category] : kCategories) {
        if (word.text == name) {
            const CategoryRights rights = rightsOf(category, abi_);
            return newer(word, name, rights.since) ? ir::Access{} : rights.access;
        }
    }
    const auto all = {abi::Category::kFs, abi::Category::kTcp, abi::Category::kUdp, abi::Category::kScope};
    if (const abi::Right* right = findRight(word.text, all)) {
        return newer(word, right->name, right->abi) ? ir::Access{} : accessOf(*right);
    }
    for (const abi::Group& group : abi::kGroups) {
        if (group.name == word.text) {
            context_.report(diag::Id::kGroupGivenUp, word.span, {word.text})
                .help("its rights: " + std::string(group.meaning));
            return {};
        }
    }
    std::vector<std::string> candidates = rightNames(all);
    for (const auto& [name, category] : kCategories) {
        candidates.emplace_back(name);
    }
    unknown(word, "category or right", candidates);
    return {};
}

const LogFlag* Rights::logFlag(const ast::Word& word) const {
    for (const LogFlag& flag : kLogFlags) {
        if (flag.name == word.text) {
            const abi::Right* right = findRight(word.text, {abi::Category::kLog});
            return newer(word, "log " + word.text, right->abi) ? nullptr : &flag;
        }
    }
    unknown(word, "log flag", {"same_exec", "new_exec", "subdomains"});
    return nullptr;
}

bool Rights::quiet(Span where) const {
    const abi::Right* right = findRight("quiet", {abi::Category::kLog});
    return !newer({"quiet", false, where}, "quiet", right->abi);
}

} // namespace landlatch::sema
