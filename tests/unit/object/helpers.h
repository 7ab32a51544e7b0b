// SPDX-License-Identifier: Apache-2.0
// What the object tests share: a whole object file of a policy, and a way to damage one of its sections credibly.
#pragma once

#include "compiler/backend/landlock/write.h"
#include "runtime/object/checksum.h"
#include "runtime/object/format.h"
#include "runtime/object/read.h"
#include "tests/support/elf_builder.h"
#include "tests/support/random_policy.h"

#include <cstring>
#include <gtest/gtest.h>

namespace landlatch::testing {

inline std::span<const std::byte> bytesOf(const std::string& text) { return std::as_bytes(std::span(text)); }

inline std::string elfOf(const backend_landlock::SectionBytes& sections) {
    return buildElf({{".text", "", SHT_PROGBITS, SHF_ALLOC | SHF_EXECINSTR},
                     {".rodata.landlatch", sections.tables, SHT_PROGBITS, SHF_ALLOC},
                     {".landlock.manifest", sections.manifest, SHT_PROGBITS, 0},
                     {".landlock.rulesets", sections.rulesets, SHT_PROGBITS, 0}});
}

inline backend_landlock::SectionBytes sectionsOf(const object::Policy& policy) {
    auto sections = backend_landlock::write(policy);
    EXPECT_TRUE(sections) << (sections ? "" : sections.error().message);
    return sections ? *sections : backend_landlock::SectionBytes{};
}

/// Makes the checksums fit what the sections hold now: damage that only the structural checks can find.
inline void fixChecksums(backend_landlock::SectionBytes& sections) {
    const auto put = [&](std::size_t offset, std::uint32_t value) {
        std::memcpy(sections.manifest.data() + offset, &value, sizeof(value));
    };
    using object::format::Header;
    put(offsetof(Header, rulesets_bytes), static_cast<std::uint32_t>(sections.rulesets.size()));
    put(offsetof(Header, rulesets_checksum), object::crc32c(bytesOf(sections.rulesets)));
    put(offsetof(Header, tables_words), static_cast<std::uint32_t>(sections.tables.size() / 4));
    put(offsetof(Header, tables_checksum), object::crc32c(bytesOf(sections.tables)));
    put(offsetof(Header, checksum), object::crc32c(bytesOf(sections.manifest).subspan(object::format::kChecksumEnd)));
}

inline Result<object::Policy> readElf(const std::string& file) { return object::read(bytesOf(file)); }

/// A small policy with one of everything.
inline object::Policy samplePolicy() {
    object::Policy policy;
    policy.format_version = object::format::kVersion;
    policy.compiler_version = "0.1.0";
    policy.abi = 7;
    policy.floor = 4;
    policy.leaving_fs = 1U << 15U;
    policy.leaving_scoped = 3;
    policy.params.push_back({"state", object::ParamType::kPath, "/var/lib/app", std::nullopt, "APP_STATE"});
    policy.params.push_back(
        {"ports", object::ParamType::kPorts, std::nullopt, std::vector<object::PortRange>{{80, 80}, {8000, 8010}}, ""});
    object::Ruleset web;
    web.name = "web";
    web.file = "app.ll";
    web.line = 3;
    web.abi = 7;
    web.handled_fs = abi::known(7).fs;
    web.handled_net = abi::known(7).net;
    web.scoped = abi::known(7).scoped;
    web.hard_scopes = 1;
    web.paths.push_back({object::PathKind::kBeneath, {{std::nullopt, "/usr"}}, 13, false, {}, "app.ll", 4});
    web.paths.push_back({object::PathKind::kBeneath,
                         {{std::nullopt, "/home"}},
                         12,
                         true,
                         {{{std::nullopt, "/home/*/.ssh"}}, {{0, ""}, {std::nullopt, "/x"}}},
                         "app.ll",
                         5});
    web.paths.push_back({object::PathKind::kFile, {{0, ""}, {std::nullopt, "/log"}}, 6, false, {}, "app.ll", 6});
    web.paths.push_back({object::PathKind::kEach, {{std::nullopt, "/dev/pts/[0-9]*"}}, 6, false, {}, "app.ll", 7});
    web.ports.push_back({2, object::PortRange{443, 443}, "app.ll", 8});
    web.ports.push_back({1, 1U, "app.ll", 9});
    web.log_flags = 2;
    policy.rulesets.push_back(web);
    object::Ruleset strict;
    strict.name = "strict";
    strict.file = "app.ll";
    strict.line = 12;
    strict.abi = 7;
    strict.handled_fs = abi::known(7).fs;
    policy.rulesets.push_back(strict);
    policy.effects.push_back({object::EffectKind::kApply, {0, 1}, true, ""});
    policy.effects.push_back({object::EffectKind::kDeny, {}, false, "no execution from world-writable directories"});
    policy.effects.push_back({object::EffectKind::kPass, {}, false, ""});
    policy.rules.push_back({"web", "app.ll", 20, 0, false, false});
    policy.rules.push_back({"", "app.ll", 21, 1, true, false});
    policy.rules.push_back({"", "app.ll", 22, 2, false, true});
    policy.always_rulesets = {1};
    policy.users.push_back({"www-data", false, 0, false});
    policy.users.push_back({"1000", true, 1000, true});
    policy.groups.push_back({"adm", false, 0, true});
    policy.tables = {1, 2, 3, 4, 5};
    return policy;
}

} // namespace landlatch::testing
