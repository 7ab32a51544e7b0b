// SPDX-License-Identifier: Apache-2.0
// match_benchmark POLICY.o…: nanoseconds of one decision for each object, for a path that a rule matches and for one
// that none does. Takes the flags of Google Benchmark.
#include "runtime/match/matcher.h"
#include "runtime/object/read.h"

#include <array>
#include <benchmark/benchmark.h>
#include <cstdio>
#include <string>
#include <vector>

namespace {

using namespace landlatch;

/// Ids don't matter here; every name is given a number of its own.
class NumberedIds final : public match::IdLookup {
public:
    Result<std::optional<std::uint32_t>> user(const std::string&) const override { return next(); }
    Result<std::optional<std::uint32_t>> group(const std::string&) const override { return next(); }

private:
    [[nodiscard]] std::optional<std::uint32_t> next() const { return ++last_; }
    mutable std::uint32_t last_ = 1000;
};

void decide(benchmark::State& state, const match::Matcher& matcher, const std::string& path) {
    match::ExecFacts facts;
    facts.exec = path;
    facts.cgroup = "/system.slice/app7.service";
    facts.euid = 0;
    facts.ruid = 0;
    facts.groups = std::span<const gid_t>{};
    facts.setuid = false;
    facts.unlinked = false;
    facts.lineage = matcher.begin("/usr/bin/bash");
    for (auto _ : state) {
        benchmark::DoNotOptimize(matcher.decide(facts));
    }
}

} // namespace

int main(int argc, char** argv) {
    benchmark::Initialize(&argc, argv);
    const std::array<const char*, 2> paths = {"/opt/app7/bin/server", "/usr/lib/x86_64-linux-gnu/no/rule/here"};
    std::vector<match::Matcher> matchers;
    matchers.reserve(static_cast<std::size_t>(argc));
    for (int i = 1; i < argc; ++i) {
        const Result<object::Policy> policy = object::readFile(argv[i]);
        if (!policy) {
            std::fprintf(stderr, "match_benchmark: %s\n", policy.error().message.c_str());
            return 1;
        }
        Result<match::IdResolution> ids = match::resolveIds(*policy, NumberedIds());
        Result<match::Matcher> matcher = ids ? match::Matcher::create(*policy, *std::move(ids)) : ids.error();
        if (!matcher) {
            std::fprintf(stderr, "match_benchmark: %s: %s\n", argv[i], matcher.error().message.c_str());
            return 1;
        }
        matchers.push_back(*std::move(matcher));
        for (const char* const path : paths) {
            const std::string name = std::string(argv[i]) + " " + path;
            benchmark::RegisterBenchmark(name.c_str(), [&matcher = matchers.back(), path](benchmark::State& state) {
                decide(state, matcher, path);
            });
        }
    }
    benchmark::RunSpecifiedBenchmarks();
    return 0;
}
