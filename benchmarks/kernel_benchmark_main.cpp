// SPDX-License-Identifier: Apache-2.0
// kernel_benchmark RUNS POLICY.o…: nanoseconds of one decision inside this kernel, for each object and several lengths
// of a path that the first rule matches: the BPF program ll_match with the policy's tables, RUNS times, timed by the
// kernel (bpf_enable_stats). Prints a line "NUMBER BYTES DECISION RUN" each: nanoseconds of one decision among many in
// one run of the program, with copying the exec's texts, and of a run that decides once, with the start of the program
// and the reading of the clock. Exit code 3 where BPF programs can't be loaded.
#include "benchmarks/paths.h"

#include "compiler/backend/bpf/emit.h"
#include "compiler/backend/bpf/fact_sets.h"
#include "compiler/backend/bpf/gates.h"
#include "runtime/base/unique_fd.h"
#include "runtime/object/elf.h"
#include "runtime/object/read.h"
#include "tests/support/native_matcher.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <numeric>
#include <vector>

// The gates that have the program ll_match, which no policy's object has.
extern "C" {
extern const char kLandlatchMatchGates[];
extern const char kLandlatchMatchGatesEnd[];
}

namespace {

using namespace landlatch;

std::string_view textOf(std::span<const std::byte> bytes) {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

/// The matcher of a compiled policy.
Result<testing::NativeMatcher> load(const std::string& name) {
    std::ifstream in(name, std::ios::binary);
    const std::string file{std::istreambuf_iterator<char>(in), {}};
    const std::span<const std::byte> bytes = std::as_bytes(std::span(file));
    const Result<object::Policy> policy = object::read(bytes);
    const Result<object::Sections> sections = object::findSections(bytes);
    if (!policy || !sections) {
        return policy ? sections.error() : policy.error();
    }
    const std::string_view gates(kLandlatchMatchGates,
                                 static_cast<std::size_t>(kLandlatchMatchGatesEnd - kLandlatchMatchGates));
    const backend_bpf::Parts parts{textOf(sections->manifest), textOf(sections->rulesets), policy->tables};
    const std::size_t facts = backend_bpf::setOf(policy->tables[LL_W_USED]);
    const Result<std::string> object = backend_bpf::emitObject(parts, backend_bpf::gateObject(gates, facts));
    std::vector<std::uint32_t> users(policy->users.size());
    std::iota(users.begin(), users.end(), 0U); // the exec's is the first
    return object ? testing::NativeMatcher::load(*object, users) : object.error();
}

ll_match_context contextOf(std::size_t bytes) {
    ll_match_context context{};
    const std::string path = benchmarks::pathOf(benchmarks::kMatching, bytes);
    const std::string cgroup = benchmarks::kCgroup;
    context.exec_bytes = static_cast<std::uint32_t>(path.copy(context.exec, sizeof(context.exec)));
    context.cgroup_bytes = static_cast<std::uint32_t>(cgroup.copy(context.cgroup, sizeof(context.cgroup)));
    return context;
}

/// Of a run that decides `again` times more than once: the least mean of several series of runs, as what another
/// program interrupts counts as time of this one.
Result<double> nanoseconds(const testing::NativeMatcher& matcher, std::size_t bytes, long runs, std::uint32_t again) {
    constexpr int kSeries = 10;
    ll_match_context given = contextOf(bytes);
    given.again = again;
    const auto context = std::make_unique<ll_match_context>();
    double least = 0;
    for (int series = 0; series < kSeries; ++series) {
        const Result<testing::RunTime> before = matcher.runTime();
        for (long i = 0; i < runs / kSeries; ++i) {
            *context = given;
            if (Result<void> run = matcher.run(*context); !run) {
                return run.error();
            }
        }
        const Result<testing::RunTime> after = matcher.runTime();
        if (!before || !after) {
            return before ? after.error() : before.error();
        }
        const double mean = static_cast<double>(after->nanoseconds - before->nanoseconds) /
                            static_cast<double>(after->runs - before->runs);
        least = series == 0 ? mean : std::min(least, mean);
    }
    if (context->decision.kind != LL_APPLY) {
        return Error{EINVAL, "the first rule doesn't match the path"};
    }
    return least;
}

} // namespace

int main(int argc, char** argv) {
    const long runs = argc > 1 ? std::strtol(argv[1], nullptr, 10) : 0;
    if (argc < 3 || runs < 100) {
        std::fprintf(stderr, "usage: kernel_benchmark RUNS POLICY.o…, RUNS 100 at least\n");
        return 2;
    }
    const UniqueFd stats(::bpf_enable_stats(BPF_STATS_RUN_TIME));
    if (!stats) {
        std::perror("kernel_benchmark: bpf_enable_stats");
        return 3;
    }
    for (int i = 2; i < argc; ++i) {
        const Result<testing::NativeMatcher> matcher = load(argv[i]);
        if (!matcher) {
            std::fprintf(stderr, "kernel_benchmark: %s: %s\n", argv[i], matcher.error().message.c_str());
            return 3;
        }
        for (const std::size_t bytes : benchmarks::kLengths) {
            constexpr std::uint32_t kAgain = 100;
            const Result<double> once = nanoseconds(*matcher, bytes, runs, 0);
            const Result<double> often = once ? nanoseconds(*matcher, bytes, runs / 10, kAgain) : once;
            if (!often) {
                std::fprintf(stderr, "kernel_benchmark: %s: %s\n", argv[i], often.error().message.c_str());
                return 1;
            }
            std::printf("%d %zu %.1f %.1f\n", i - 2, bytes, (*often - *once) / kAgain, *once);
        }
    }
    return 0;
}
