// SPDX-License-Identifier: Apache-2.0
// Inputs of the ELF emitter for tests that need no compiled policy.
#pragma once

#include "bpf-templates/match.h"
#include "compiler/backend/bpf/emit.h"
#include "compiler/backend/bpf/fact_sets.h"
#include "compiler/backend/bpf/gates.h"
#include "compiler/backend/landlock/write.h"

#include <cstdint>
#include <gtest/gtest.h>
#include <string>
#include <vector>

extern "C" {
extern const char kLandlatchMatchGates[];
extern const char kLandlatchMatchGatesEnd[];
}

namespace landlatch::backend_bpf {

inline constexpr std::uint32_t kAllFacts = 0xF3F;
inline constexpr std::uint32_t kExecOnly = 1U << LL_DIM_EXEC;

/// Sections of a policy that says nothing, and tables that match nothing.
struct Input {
    backend_landlock::SectionBytes sections;
    std::vector<std::uint32_t> tables;
    std::uint32_t used;

    explicit Input(std::uint32_t used_facts, std::size_t words = LL_W_HEADER) : tables(words), used(used_facts) {
        tables[LL_W_MAGIC] = LL_MAGIC;
        tables[LL_W_LENGTH] = static_cast<std::uint32_t>(words);
        object::Policy policy;
        policy.format_version = 1;
        policy.compiler_version = "0.1.0";
        policy.abi = policy.floor = 7;
        policy.tables = tables;
        auto written = backend_landlock::write(policy);
        EXPECT_TRUE(written) << (written ? "" : written.error().message);
        sections = *written;
    }
    [[nodiscard]] Parts view() const { return {sections.manifest, sections.rulesets, tables}; }
};

/// Gates with the program ll_match, which no policy's object has.
inline std::string_view matchGateArchive() {
    return {kLandlatchMatchGates, static_cast<std::size_t>(kLandlatchMatchGatesEnd - kLandlatchMatchGates)};
}

inline std::string emitted(const Input& input) {
    auto object = emitObject(input.view(), gateObject(matchGateArchive(), setOf(input.used)));
    EXPECT_TRUE(object) << (object ? "" : object.error().message);
    return object ? *object : "";
}

} // namespace landlatch::backend_bpf
