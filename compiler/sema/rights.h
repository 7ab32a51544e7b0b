// SPDX-License-Identifier: Apache-2.0
// Words for rights, groups, operations, scopes and categories, as one file's `abi` knows them.
#pragma once

#include "compiler/ast/ast.h"
#include "compiler/ir/policy.h"
#include "compiler/sema/context.h"

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace landlatch::sema {

/// Everything that an ABI knows.
[[nodiscard]] ir::Access vocabulary(std::uint32_t abi);

[[nodiscard]] ir::Access operator&(const ir::Access& a, const ir::Access& b);
[[nodiscard]] ir::Access operator|(const ir::Access& a, const ir::Access& b);
/// `a` without what `b` has.
[[nodiscard]] ir::Access without(const ir::Access& a, const ir::Access& b);
[[nodiscard]] bool empty(const ir::Access& access);

/// The rights of `access` as `leave` and `leaving` take them: a category where `access` has all that `of` has of it,
/// else its rights by name. "ioctl_dev, scope"
[[nodiscard]] std::string compactNames(const ir::Access& access, const ir::Access& of);

/// One word of a rights list: a right by its own name or a group.
struct FsWord {
    const ast::Word* word = nullptr;
    std::uint64_t mask = 0; ///< what of it the vocabulary has
    bool group = false;
};

/// Resolves words against the vocabulary of `abi`. Unknown and too new words are reported and left
/// out; none stands twice, which the parser sees to.
class Rights {
public:
    Rights(std::uint32_t abi, Context& context) : abi_(abi), context_(context) {}

    /// `read, execute`
    [[nodiscard]] std::vector<FsWord> fs(const std::vector<ast::Word>& words) const;
    /// `tcp connect, bind` as net bits
    [[nodiscard]] std::uint64_t net(const ast::Word& protocol, const std::vector<ast::Word>& operations) const;
    /// `signal`
    [[nodiscard]] std::uint64_t scopes(const std::vector<ast::Word>& words) const;
    /// `leave` and `leaving`: a category or one right.
    [[nodiscard]] ir::Access givenUp(const ast::Word& word) const;
    /// A `log` flag's right; null after an error.
    [[nodiscard]] const struct LogFlag* logFlag(const ast::Word& word) const;
    /// False, with an error, where `quiet` isn't known yet.
    [[nodiscard]] bool quiet(Span where) const;

private:
    bool newer(const ast::Word& word, std::string_view name, std::uint32_t since) const;
    void unknown(const ast::Word& word, std::string_view kind, const std::vector<std::string>& candidates) const;

    std::uint32_t abi_;
    Context& context_;
};

/// A `log` flag and the setting that is not the kernel's default.
struct LogFlag {
    std::string_view name;
    bool default_on;
    bool ir::LogFlags::* changed;
};

} // namespace landlatch::sema
