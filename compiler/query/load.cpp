// SPDX-License-Identifier: Apache-2.0
#include "compiler/query/load.h"

#include "compiler/backend/landlock/lower.h"
#include "compiler/match/plan.h"

#include <fmt/format.h>
#include <map>

namespace landlatch::query {

namespace {

/// Objects name files relative to the policy; people look for them as they were given.
void showFileNames(object::Policy& object, const SourceManager& sources) {
    std::map<std::string, std::string> shown;
    for (FileId file = 0; file < sources.size(); ++file) {
        const std::string name(sources.name(file));
        shown.emplace(backend_landlock::storedFileName(name, sources.name(0)), name);
    }
    const auto show = [&](std::string& file) {
        if (const auto at = shown.find(file); at != shown.end()) {
            file = at->second;
        }
    };
    for (object::Ruleset& ruleset : object.rulesets) {
        show(ruleset.file);
        for (object::PathGrant& grant : ruleset.paths) {
            show(grant.file);
        }
        for (object::PortGrant& grant : ruleset.ports) {
            show(grant.file);
        }
    }
    for (object::Rule& rule : object.rules) {
        show(rule.file);
    }
}

} // namespace

std::optional<Loaded> load(ir::Policy policy, const SourceManager& sources, diag::Sink& sink) {
    const std::optional<match::Plan> plan = match::plan(policy, sources, sink);
    if (!plan) {
        return std::nullopt;
    }
    object::Policy object = backend_landlock::lower({policy, *plan, sources, ""});
    showFileNames(object, sources);
    return Loaded{std::move(policy), std::move(object)};
}

std::string place(const std::string& file, std::uint32_t line) {
    return file.empty() ? "" : fmt::format("{}:{}", file, line);
}

std::string place(const SourceManager& sources, Span span) {
    return span.valid() ? place(std::string(sources.name(span.file)), sources.lineColumn(span.file, span.begin).line)
                        : "";
}

} // namespace landlatch::query
