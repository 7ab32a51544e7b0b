// SPDX-License-Identifier: Apache-2.0
// match_benchmark [--patterns=FILE]… POLICY.o…: nanoseconds of one decision for each object and several lengths of the
// path, for a path that the first rule matches and one that none does; and of what there is to compare with: a loop
// that only reads the path's bytes, and fnmatch with one pattern of a FILE after the other. Names are
// CASE/NUMBER OF OBJECT OR FILE/BYTES. Takes the flags of Google Benchmark.
#include "benchmarks/paths.h"

#include "runtime/match/matcher.h"
#include "runtime/object/read.h"

#include <benchmark/benchmark.h>
#include <cstdio>
#include <fnmatch.h>
#include <fstream>
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
    facts.cgroup = benchmarks::kCgroup;
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

/// The least that any matcher does: every byte is looked at once, one after the other.
void readBytes(benchmark::State& state, const std::string& path) {
    for (auto _ : state) {
        std::uint32_t last = 0;
        for (const char c : path) {
            last = static_cast<unsigned char>(c);
            benchmark::DoNotOptimize(last);
        }
    }
}

void scan(benchmark::State& state, const std::vector<std::string>& patterns, const std::string& path) {
    for (auto _ : state) {
        std::size_t found = patterns.size();
        for (std::size_t i = 0; i < patterns.size() && found == patterns.size(); ++i) {
            found = ::fnmatch(patterns[i].c_str(), path.c_str(), FNM_PATHNAME) == 0 ? i : found;
        }
        benchmark::DoNotOptimize(found);
    }
}

Result<match::Matcher> load(const char* file) {
    const Result<object::Policy> policy = object::readFile(file);
    if (!policy) {
        return policy.error();
    }
    Result<match::IdResolution> ids = match::resolveIds(*policy, NumberedIds());
    return ids ? match::Matcher::create(*policy, *std::move(ids)) : ids.error();
}

std::vector<std::string> lines(const std::string& file) {
    std::vector<std::string> result;
    std::ifstream in(file);
    for (std::string line; std::getline(in, line);) {
        result.push_back(line);
    }
    return result;
}

/// Registers one benchmark for each length.
template <typename Run> void each(const std::string& name, const char* beginning, Run run) {
    for (const std::size_t bytes : benchmarks::kLengths) {
        const std::string path = benchmarks::pathOf(beginning, bytes);
        const std::string full = name + "/" + std::to_string(bytes);
        benchmark::RegisterBenchmark(full.c_str(), [run, path](benchmark::State& state) { run(state, path); });
    }
}

} // namespace

int main(int argc, char** argv) {
    benchmark::Initialize(&argc, argv);
    std::vector<match::Matcher> matchers;
    std::vector<std::vector<std::string>> scans;
    matchers.reserve(static_cast<std::size_t>(argc)); // the benchmarks keep references
    scans.reserve(static_cast<std::size_t>(argc));
    each("read/0", benchmarks::kMatching, readBytes);
    for (int i = 1; i < argc; ++i) {
        const std::string argument = argv[i];
        if (argument.starts_with("--patterns=")) {
            scans.push_back(lines(argument.substr(argument.find('=') + 1)));
            each("fnmatch/" + std::to_string(scans.size() - 1), benchmarks::kUnmatched,
                 [&patterns = scans.back()](auto& state, const auto& path) { scan(state, patterns, path); });
            continue;
        }
        Result<match::Matcher> matcher = load(argv[i]);
        if (!matcher) {
            std::fprintf(stderr, "match_benchmark: %s: %s\n", argv[i], matcher.error().message.c_str());
            return 1;
        }
        matchers.push_back(*std::move(matcher));
        const std::string number = std::to_string(matchers.size() - 1);
        const auto run = [&matcher = matchers.back()](auto& state, const auto& path) { decide(state, matcher, path); };
        each("match/" + number, benchmarks::kMatching, run);
        each("none/" + number, benchmarks::kUnmatched, run);
    }
    benchmark::RunSpecifiedBenchmarks();
    return 0;
}
