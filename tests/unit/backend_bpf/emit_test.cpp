// SPDX-License-Identifier: Apache-2.0
// The object file from outside: what ELF readers, libbpf, the kernel and our own reader make of it.
#include "compiler/backend/bpf/emit.h"

#include "bpf-templates/match.h"
#include "runtime/object/read.h"
#include "tests/unit/backend_bpf/input.h"
#include "tests/unit/backend_bpf/object_view.h"

#include <bpf/btf.h>
#include <bpf/libbpf.h>
#include <cstdlib>
#include <gtest/gtest.h>
#include <set>

namespace landlatch::backend_bpf {
namespace {

TEST(BpfEmit, TheReaderTakesIt) {
    const Input input(kAllFacts, 500);
    const std::string object = emitted(input);
    const auto policy = object::read(std::as_bytes(std::span(object)));
    ASSERT_TRUE(policy) << policy.error().message;
    EXPECT_EQ(policy->tables, input.tables);
    EXPECT_EQ(policy->abi, 7U);
}

TEST(BpfEmit, SameInputSameBytes) {
    const Input input(kAllFacts);
    EXPECT_EQ(emitted(input), emitted(input));
}

TEST(BpfEmit, SaysNothingOfWhereItWasMade) {
    const std::string object = emitted(Input(kAllFacts));
    for (const char* place : {"/home/", "/root/", "/tmp/", "/work/", "/build/", "bpf-templates/../"}) {
        EXPECT_EQ(object.find(place), std::string::npos) << place;
    }
}

TEST(BpfEmit, HasTheSectionsAndNoDwarf) {
    const ObjectView view(emitted(Input(kAllFacts)));
    for (const char* name : {"license", ".maps", ".rodata", ".rodata.landlatch", ".landlock.manifest",
                             ".landlock.rulesets", ".BTF", ".BTF.ext", "lsm.s/bprm_creds_for_exec",
                             "lsm.s/bprm_creds_from_file", "lsm/task_alloc", "lsm/task_free", "syscall"}) {
        EXPECT_TRUE(view.hasSection(name)) << name;
    }
    for (const char* name : {".debug_info", ".debug_line", ".debug_str"}) {
        EXPECT_FALSE(view.hasSection(name)) << name;
    }
    EXPECT_EQ(view.machine(), 247);
}

std::set<std::string> programsOf(const ObjectView& view) {
    std::set<std::string> programs;
    bpf_program* program = nullptr;
    bpf_object__for_each_program(program, view.libbpf()) { programs.insert(bpf_program__name(program)); }
    return programs;
}

TEST(BpfEmit, LibbpfOpensIt) {
    const ObjectView view(emitted(Input(kAllFacts)));
    ASSERT_NE(view.libbpf(), nullptr);
    EXPECT_EQ(programsOf(view),
              (std::set<std::string>{"ll_note", "ll_gate", "ll_fork", "ll_free", "ll_match", "ll_map_gate",
                                     "ll_object_gate", "ll_committed", "ll_inherit", "ll_leave", "ll_store"}));
    EXPECT_NE(bpf_object__btf(view.libbpf()), nullptr);
}

TEST(BpfEmit, TheTablesMapHasTheirSize) {
    const ObjectView view(emitted(Input(kAllFacts, 1234)));
    ASSERT_NE(view.libbpf(), nullptr);
    const bpf_map* map = bpf_object__find_map_by_name(view.libbpf(), ".rodata.landlatch");
    ASSERT_NE(map, nullptr);
    EXPECT_EQ(bpf_map__value_size(map), 1234U * 4);
}

TEST(BpfEmit, BpftoolDumpsItsTypes) {
    const ObjectView view(emitted(Input(kAllFacts)));
    const std::string command = "PATH=$PATH:/usr/sbin bpftool btf dump file " + view.path() + " format c";
    std::string text;
    FILE* pipe = ::popen(command.c_str(), "r");
    ASSERT_NE(pipe, nullptr);
    std::array<char, 4096> buffer{};
    while (const std::size_t got = std::fread(buffer.data(), 1, buffer.size(), pipe)) {
        text.append(buffer.data(), got);
    }
    EXPECT_EQ(::pclose(pipe), 0);
    EXPECT_NE(text.find("struct ll_event {"), std::string::npos);
}

TEST(BpfEmit, WhatAPolicyDoesNotAskForIsNotInItsObject) {
    const ObjectView all(emitted(Input(kAllFacts)));
    const ObjectView exec(emitted(Input(kExecOnly)));
    EXPECT_LT(exec.size(".text"), all.size(".text") * 3 / 4);
    const std::set<std::string> programs = programsOf(exec);
    for (const char* program : {"ll_note", "ll_fork", "ll_free"}) {
        EXPECT_FALSE(programs.contains(program)) << program;
    }
    for (const char* type : {"css_set", "cgroup", "kernfs_node", "group_info"}) {
        EXPECT_TRUE(all.relocatesType(type)) << type;
        EXPECT_FALSE(exec.relocatesType(type)) << type;
    }
    EXPECT_TRUE(exec.relocatesType("linux_binprm"));
    const auto maps = exec.maps();
    for (const char* map : {"ll_users", "ll_groups", "ll_notes", "ll_lineages"}) {
        EXPECT_TRUE(all.maps().contains(map)) << map;
        EXPECT_FALSE(maps.contains(map)) << map;
    }
    for (const char* map : {"ll_events", "ll_buffers", "ll_marks", "ll_control"}) {
        EXPECT_TRUE(maps.contains(map)) << map;
    }
}

TEST(BpfEmit, EachFactBringsItsCode) {
    const auto with = [](std::uint32_t used) { return ObjectView(emitted(Input(used))); };
    EXPECT_TRUE(with(1U << LL_DIM_CGROUP).relocatesType("kernfs_node"));
    EXPECT_TRUE(with(LL_UNKNOWN_GROUPS).relocatesType("group_info"));
    EXPECT_TRUE(with(1U << LL_DIM_SCRIPT).maps().contains("ll_notes"));
    EXPECT_TRUE(with(1U << LL_DIM_PARENT).maps().contains("ll_lineages"));
    EXPECT_TRUE(with(LL_UNKNOWN_ANCESTORS).maps().contains("ll_lineages"));
    EXPECT_TRUE(with(1U << LL_DIM_USER).maps().contains("ll_users"));
    EXPECT_TRUE(with(1U << LL_DIM_REAL_USER).maps().contains("ll_users"));
    EXPECT_FALSE(with(1U << LL_DIM_USER).maps().contains("ll_groups"));
    EXPECT_GT(with(LL_UNKNOWN_SETUID).size(".text"), with(0).size(".text"));
}

TEST(BpfEmit, APolicysObjectHasNoTestProgram) {
    const Input input(kAllFacts);
    const auto object = emitObject(input.view(), input.used);
    ASSERT_TRUE(object) << object.error().message;
    EXPECT_FALSE(programsOf(ObjectView(*object)).contains("ll_match"));
    EXPECT_TRUE(programsOf(ObjectView(emitted(input))).contains("ll_match"));
}

TEST(BpfEmit, EverySetOfFactsHasItsGate) {
    const Input input(0);
    std::set<std::size_t> sizes;
    for (std::size_t set = 0; set < kFactSets; ++set) {
        const auto object = emitObject(input.view(), factsOf(set));
        ASSERT_TRUE(object) << object.error().message;
        const ObjectView view(*object);
        ASSERT_NE(view.libbpf(), nullptr);
        const auto has = [&](std::uint32_t facts) { return (factsOf(set) & facts) != 0; };
        EXPECT_EQ(view.hasSection("lsm.s/bprm_creds_for_exec"), has(1U << LL_DIM_SCRIPT)) << set;
        EXPECT_EQ(view.relocatesType("kernfs_node"), has(1U << LL_DIM_CGROUP)) << set;
        EXPECT_EQ(view.maps().contains("ll_users"), has(1U << LL_DIM_USER)) << set;
        EXPECT_EQ(view.maps().contains("ll_groups"), has(LL_UNKNOWN_GROUPS)) << set;
        EXPECT_EQ(view.maps().contains("ll_lineages"), has(LL_UNKNOWN_ANCESTORS)) << set;
        sizes.insert(object->size());
    }
    EXPECT_GT(sizes.size(), 30U); // each brings code of its own
}

TEST(BpfEmit, ASetHasEveryFactAskedFor) {
    for (std::uint32_t facts = 0; facts <= 0xFFF; ++facts) {
        const std::uint32_t known = facts & (kAllFacts | LL_UNKNOWN_SETUID | LL_UNKNOWN_UNLINKED);
        EXPECT_EQ(factsOf(setOf(known)) & known, known);
        EXPECT_EQ(setOf(factsOf(setOf(known))), setOf(known));
    }
}

TEST(BpfEmit, RefusesTablesThatNoMapHolds) {
    Input input(kExecOnly);
    input.tables.clear();
    EXPECT_FALSE(emitObject(input.view(), kExecOnly));
    input.tables.resize(kMaxTableBytes / 4 + 1);
    const auto object = emitObject(input.view(), kExecOnly);
    ASSERT_FALSE(object);
    EXPECT_EQ(object.error().code, EFBIG);
}

} // namespace
} // namespace landlatch::backend_bpf
