// SPDX-License-Identifier: Apache-2.0
// Linking a policy into a gate object: what goes where, and what isn't taken for a gate.
#include "compiler/backend/bpf/link.h"

#include "bpf-templates/policy.h"
#include "runtime/object/elf.h"
#include "runtime/object/format.h"
#include "tests/unit/backend_bpf/input.h"

#include <algorithm>
#include <cstring>
#include <gtest/gtest.h>
#include <set>

namespace landlatch::backend_bpf {
namespace {

std::string_view someGate() { return gateObject(gateArchive(), setOf(kExecOnly)); }

/// `gate` with every `from` replaced by `to` of the same length.
std::string changed(std::string_view gate, std::string_view from, std::string_view to) {
    std::string text(gate);
    std::size_t count = 0;
    for (std::size_t at = 0; (at = text.find(from, at)) != std::string::npos; at += to.size(), ++count) {
        text.replace(at, from.size(), to);
    }
    EXPECT_GT(count, 0U);
    return text;
}

void expectRefused(std::string_view gate, std::string_view reason) {
    const Input input(kExecOnly);
    const auto linked = link(gate, input.view());
    ASSERT_FALSE(linked);
    EXPECT_NE(linked.error().message.find(reason), std::string::npos) << linked.error().message;
}

TEST(Link, PutsThePartsIntoTheirSections) {
    const Input input(kExecOnly, 321);
    const auto linked = link(someGate(), input.view());
    ASSERT_TRUE(linked) << linked.error().message;
    const auto sections = object::findSections(std::as_bytes(std::span(*linked)));
    ASSERT_TRUE(sections) << sections.error().message;
    const auto same = [](std::span<const std::byte> got, const auto& wanted) {
        return std::ranges::equal(got, std::as_bytes(std::span(wanted)));
    };
    EXPECT_TRUE(same(sections->tables, input.tables));
    EXPECT_TRUE(same(sections->manifest, input.sections.manifest));
    EXPECT_TRUE(same(sections->rulesets, input.sections.rulesets));
}

/// Calls `visit(what is subtracted, where the value is)` for each instruction that asks for the length.
template <typename Visit> void eachLength(std::string_view gate, Visit visit) {
    constexpr std::size_t kInstruction = 8;
    constexpr std::size_t kValue = 4;
    constexpr char kMove32 = '\xb4';
    for (std::size_t at = 0; at + kInstruction <= gate.size(); at += kInstruction) {
        std::uint32_t value = 0;
        std::memcpy(&value, gate.data() + at + kValue, sizeof value);
        if (gate[at] == kMove32 && LL_TABLE_LENGTH_MARK - value <= LL_TABLE_LENGTH_LESS) {
            visit(LL_TABLE_LENGTH_MARK - value, at + kValue);
        }
    }
}

TEST(Link, FillsInTheLengthWhereverItIsAsked) {
    const Input input(kExecOnly);
    const auto linked = link(someGate(), input.view());
    ASSERT_TRUE(linked);
    std::set<std::uint32_t> seen;
    eachLength(someGate(), [&](std::uint32_t less, std::size_t at) {
        std::uint32_t value = 0;
        std::memcpy(&value, linked->data() + at, sizeof value);
        EXPECT_EQ(value, input.tables.size() - less) << at;
        seen.insert(less);
    });
    EXPECT_TRUE(seen.contains(1));
    EXPECT_TRUE(seen.contains(LL_R_WORDS));
    eachLength(*linked, [](std::uint32_t, std::size_t at) { ADD_FAILURE() << at; });
}

TEST(Link, LeavesTheRestOfTheGateAlone) {
    const auto linked = link(someGate(), Input(kExecOnly).view());
    ASSERT_TRUE(linked);
    std::size_t differences = 0;
    for (std::size_t i = 0; i < someGate().size(); ++i) {
        differences += (*linked)[i] != someGate()[i] ? 1U : 0U;
    }
    // Four bytes an instruction, three section headers, the size of a symbol.
    EXPECT_LT(differences, someGate().size() / 20);
}

TEST(Link, RefusesWhatIsNoGate) {
    expectRefused("", "is no 64-bit BPF relocatable");
    expectRefused("int main() {}", "is no 64-bit BPF relocatable");
    expectRefused(changed(someGate(), ".rodata.landlatch", ".rodata.landlady_"), "has no section .rodata.landlatch");
    expectRefused(changed(someGate(), ".landlock.manifest", ".landlock.manifold"), "has no section .landlock.manifest");
    std::string reads_nothing(someGate());
    eachLength(someGate(), [&](std::uint32_t, std::size_t at) { reads_nothing.replace(at, 4, "abcd"); });
    expectRefused(reads_nothing, "never reads");
}

TEST(Link, RefusesACutGate) {
    for (std::size_t length = 0; length < someGate().size(); length += 97) {
        EXPECT_FALSE(link(someGate().substr(0, length), Input(kExecOnly).view())) << length;
    }
}

} // namespace
} // namespace landlatch::backend_bpf
