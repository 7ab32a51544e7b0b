// SPDX-License-Identifier: Apache-2.0
// Policies from memory, ready to be asked.
#pragma once

#include "compiler/query/load.h"
#include "compiler/sema/analyze.h"
#include "compiler/support/filesystem.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>

namespace landlatch::query {

/// A policy with its sources.
struct Policy {
    SourceManager sources;
    diag::Sink sink;
    std::optional<Loaded> loaded;

    explicit Policy(const std::string& text, const std::string& name = "root.ll") {
        MemoryFileSystem files;
        files.files[name] = text;
        if (std::optional<ir::Policy> policy = sema::analyze(sources, files, name, {}, sink)) {
            loaded = load(*std::move(policy), sources, sink);
        }
    }
    [[nodiscard]] std::string firstMessage() const { return sink.all().empty() ? "" : sink.all().front().message(); }
};

} // namespace landlatch::query
