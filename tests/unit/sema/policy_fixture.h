// SPDX-License-Identifier: Apache-2.0
// Compiles policies from memory: what sema makes of them and what it has to say.
#pragma once

#include "compiler/ir/dump.h"
#include "compiler/sema/analyze.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace landlatch::sema {

class Policies : public ::testing::Test {
protected:
    /// Adds or replaces a file.
    void file(const std::string& path, std::string text) { files_.files[path] = std::move(text); }

    /// Analyses `text` as root.ll.
    std::optional<ir::Policy> analyze(std::string text) {
        file("root.ll", std::move(text));
        sink_ = {};
        sources_ = {};
        return sema::analyze(sources_, files_, "root.ll", options_, sink_);
    }

    /// The codes reported, sorted, with repeats: "E0200 W1501".
    [[nodiscard]] std::string codes() const {
        std::vector<std::string> all;
        for (const diag::Diagnostic& diagnostic : sink_.all()) {
            all.emplace_back(diag::info(diagnostic.id).code);
        }
        std::sort(all.begin(), all.end());
        std::string out;
        for (const std::string& code : all) {
            out += (out.empty() ? "" : " ") + code;
        }
        return out;
    }
    /// The codes that analysing `text` reports.
    std::string codesOf(std::string text) {
        analyze(std::move(text));
        return codes();
    }
    /// The message of the first diagnostic, or "".
    [[nodiscard]] std::string message() const { return sink_.all().empty() ? "" : sink_.all().front().message(); }
    /// What the first diagnostic marks.
    [[nodiscard]] std::string marked() const {
        return sink_.all().empty() || !sink_.all().front().primary.valid()
                   ? ""
                   : std::string(sources_.text(sink_.all().front().primary));
    }

    MemoryFileSystem files_;
    Options options_;
    SourceManager sources_;
    diag::Sink sink_;
};

} // namespace landlatch::sema
