// SPDX-License-Identifier: Apache-2.0
// Where a pattern meets links, the path is looked at under all its names: itself, and what leads to it by links. A
// place that a pattern matches is a beginning of one of those names; what counts is where that beginning leads, since a
// link below a granted directory leads out of it.
#include "compiler/query/access.h"

#include <algorithm>
#include <fmt/format.h>

namespace landlatch::query {

namespace {

std::vector<std::string> componentsOf(const std::string& path) {
    std::vector<std::string> parts;
    std::size_t begin = 1;
    while (begin < path.size()) {
        const std::size_t end = std::min(path.find('/', begin), path.size());
        parts.push_back(path.substr(begin, end - begin));
        begin = end + 1;
    }
    return parts;
}

/// Whether the first `count` components of the pattern match the first `count` of the path.
bool beginMatches(const landlock::Pattern& pattern, const std::vector<std::string>& parts, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) {
        if (!pattern.components[i].matches(parts[i])) {
            return false;
        }
    }
    return true;
}

bool isDeep(const landlock::Pattern& pattern) {
    return std::any_of(pattern.components.begin(), pattern.components.end(),
                       [](const landlock::Component& component) { return component.deep; });
}

/// Whether the pattern matches all of the path.
bool matchesAll(const landlock::Pattern& pattern, const std::string& path) {
    if (isDeep(pattern)) {
        return glob::matches(landlock::tail(pattern, 0), path.substr(1));
    }
    const std::vector<std::string> parts = componentsOf(path);
    return parts.size() == pattern.components.size() && beginMatches(pattern, parts, parts.size());
}

bool anyMatches(const std::vector<landlock::Pattern>& patterns, const std::string& path) {
    return std::any_of(patterns.begin(), patterns.end(),
                       [&](const landlock::Pattern& pattern) { return matchesAll(pattern, path); });
}

/// Whether something strictly below `path` could match.
bool mayMatchBelow(const landlock::Pattern& pattern, const std::string& path) {
    const std::vector<std::string> parts = componentsOf(path);
    return parts.size() < pattern.components.size() && beginMatches(pattern, parts, parts.size());
}

/// Whether the pattern names `path`, without a wildcard, as a directory on its way: a file there is excepted itself.
bool namesAsDirectory(const landlock::Pattern& pattern, const std::string& path) {
    const std::vector<std::string> parts = componentsOf(path);
    return !parts.empty() && parts.size() < pattern.components.size() && pattern.components[parts.size() - 1].literal &&
           beginMatches(pattern, parts, parts.size());
}

} // namespace

Verdict Evaluator::judge(std::uint32_t ruleset_index, const Question& question, std::uint32_t kernel) const {
    const object::Ruleset& ruleset = policy_.rulesets[ruleset_index];
    const abi::Masks kernel_knows = abi::known(std::min(kernel, abi::kLatest));
    const std::uint64_t bit = std::uint64_t{1} << question.bit;
    const auto open = [&](std::uint64_t handled, std::uint64_t left, std::uint64_t known) -> std::optional<Verdict> {
        if ((handled & bit) == 0) {
            return Verdict{Truth::kYes, (left & bit) != 0 ? Why::kLeft : Why::kVocabulary, nullptr, nullptr, 0};
        }
        if ((known & bit) == 0) {
            return Verdict{Truth::kYes, Why::kKernel, nullptr, nullptr, 0};
        }
        return std::nullopt;
    };
    switch (question.category) {
    case abi::Category::kFs: {
        if (bit == abi::kRefer) { // denied by every domain, known or not
            return (kernel_knows.fs & bit) == 0 ? Verdict{Truth::kNo, Why::kKernel, nullptr, nullptr, 0}
                                                : path(ruleset, question);
        }
        const std::optional<Verdict> verdict = open(ruleset.handled_fs, ruleset.left_fs, kernel_knows.fs);
        return verdict ? *verdict : path(ruleset, question);
    }
    case abi::Category::kTcp:
    case abi::Category::kUdp: {
        const std::optional<Verdict> verdict = open(ruleset.handled_net, ruleset.left_net, kernel_knows.net);
        return verdict ? *verdict : port(ruleset, question);
    }
    case abi::Category::kScope:
    case abi::Category::kLog:
        break;
    }
    return open(ruleset.scoped, ruleset.left_scoped, kernel_knows.scoped).value_or(Verdict{});
}

Verdict Evaluator::path(const object::Ruleset& ruleset, const Question& question) const {
    Place place;
    place.path = model_.links.resolve(question.path);
    place.names = model_.links.namesOf(place.path);
    const std::uint64_t bit = std::uint64_t{1} << question.bit;
    // A right that files have is asked of a file, unless the path is known to be a directory.
    const bool of_file = (bit & abi::kFileRights) != 0 && !model_.directories.contains(place.path);
    Verdict verdict;
    for (const object::PathGrant& grant : ruleset.paths) {
        if ((grant.access & bit) == 0) {
            continue;
        }
        std::uint32_t param = 0;
        Cover cover = covers(grant, place, of_file, param);
        cover = cover == Cover::kSplit && of_file ? Cover::kAll : cover;
        switch (cover) {
        case Cover::kAll:
            return {Truth::kYes, Why::kGranted, &grant, nullptr, 0};
        case Cover::kOpen:
            if (verdict.allowed == Truth::kNo) {
                verdict = {Truth::kMaybe, Why::kOpenParam, &grant, nullptr, param};
            }
            break;
        case Cover::kSplit:
        case Cover::kExcepted:
            if (verdict.why == Why::kDenied) {
                verdict.why = cover == Cover::kSplit ? Why::kSplit : Why::kExcepted;
                verdict.path = &grant;
            }
            break;
        case Cover::kNone:
            break;
        }
    }
    return verdict;
}

Verdict Evaluator::port(const object::Ruleset& ruleset, const Question& question) const {
    const std::uint64_t bit = std::uint64_t{1} << question.bit;
    const auto in = [&](const object::PortRange& range) {
        return range.first <= question.port && question.port <= range.last;
    };
    Verdict verdict;
    for (const object::PortGrant& grant : ruleset.ports) {
        if ((grant.access & bit) == 0) {
            continue;
        }
        bool covered = false;
        if (const auto* param = std::get_if<std::uint32_t>(&grant.ports)) {
            const ParamValue& value = model_.params[*param];
            if (!value) {
                verdict = {Truth::kMaybe, Why::kOpenParam, nullptr, &grant, *param};
                continue;
            }
            const auto& ranges = std::get<std::vector<object::PortRange>>(*value);
            covered = std::any_of(ranges.begin(), ranges.end(), in);
        } else {
            covered = in(std::get<object::PortRange>(grant.ports));
        }
        if (covered) {
            return {Truth::kYes, Why::kGranted, nullptr, &grant, 0};
        }
    }
    return verdict;
}

bool Evaluator::isFile(std::span<const std::uint32_t> rulesets, const std::string& path) const {
    const std::string resolved = model_.links.resolve(path);
    if (model_.directories.contains(resolved)) {
        return false;
    }
    for (const std::uint32_t ruleset : rulesets) {
        for (const object::PathGrant& grant : policy_.rulesets[ruleset].paths) {
            std::uint32_t open = 0;
            if (grant.kind == object::PathKind::kFile) {
                const std::optional<std::string> text = filled(grant.path, false, open);
                if (text && model_.links.resolve(*text) == resolved) {
                    return true;
                }
            }
        }
    }
    return false;
}

bool Evaluator::matchesPlace(const std::vector<landlock::Pattern>& globs, const Place& place, bool follow) const {
    return std::any_of(place.names.begin(), place.names.end(), [&](const std::string& name) {
        const std::vector<std::string> ways = waysTo(name);
        return std::any_of(ways.begin(), ways.end(), [&](const std::string& way) {
            return anyMatches(globs, way) && (follow || !model_.links.isLink(way)) &&
                   isAtOrBelow(place.path, model_.links.resolve(way));
        });
    });
}

bool Evaluator::matchesRoot(const object::PathGrant& grant, const std::string& text, const Place& place) const {
    switch (grant.kind) {
    case object::PathKind::kBeneath:
        return isAtOrBelow(place.path, model_.links.resolve(text));
    case object::PathKind::kFile:
        return place.path == model_.links.resolve(text);
    case object::PathKind::kEach:
        break;
    }
    return matchesPlace(patterns(text), place, false); // a final link is not followed
}

bool Evaluator::isInTheWay(const std::vector<landlock::Pattern>& globs, const Place& place) {
    return std::any_of(globs.begin(), globs.end(), [&](const landlock::Pattern& pattern) {
        return std::any_of(place.names.begin(), place.names.end(),
                           [&](const std::string& name) { return namesAsDirectory(pattern, name); });
    });
}

bool Evaluator::isSplit(const landlock::Pattern& pattern, const Place& place) const {
    return std::any_of(place.names.begin(), place.names.end(),
                       [&](const std::string& name) { return mayMatchBelow(pattern, name); }) ||
           // an exception that lies elsewhere by a link, below this directory
           std::any_of(model_.links.all().begin(), model_.links.all().end(), [&](const auto& link) {
               const std::string target = model_.links.resolve(link.first);
               const std::vector<std::string> names = model_.links.namesOf(link.first);
               return target != place.path && isAtOrBelow(target, place.path) &&
                      std::any_of(names.begin(), names.end(), [&](const std::string& name) {
                          return mayMatchBelow(pattern, name) || matchesAll(pattern, name);
                      });
           });
}

Evaluator::Cover Evaluator::covers(const object::PathGrant& grant, const Place& place, bool of_file,
                                   std::uint32_t& open) const {
    const std::optional<std::string> text = filled(grant.path, grant.kind == object::PathKind::kEach, open);
    if (!text) {
        return Cover::kOpen;
    }
    if (!matchesRoot(grant, *text, place)) {
        return Cover::kNone;
    }
    bool split = false;
    for (const object::PathTemplate& except : grant.except) {
        const std::optional<std::string> excepted = filled(except, true, open);
        if (!excepted) {
            return Cover::kOpen;
        }
        const std::vector<landlock::Pattern>& globs = patterns(*excepted);
        if (matchesPlace(globs, place, true) || (of_file && isInTheWay(globs, place))) {
            return Cover::kExcepted;
        }
        split = split || std::any_of(globs.begin(), globs.end(),
                                     [&](const landlock::Pattern& pattern) { return isSplit(pattern, place); });
    }
    return split ? Cover::kSplit : Cover::kAll;
}

std::optional<std::string> Evaluator::filled(const object::PathTemplate& path, bool glob, std::uint32_t& open) const {
    std::string text;
    for (const object::PathPiece& piece : path) {
        if (!piece.param) {
            text += piece.text;
            continue;
        }
        const ParamValue& value = model_.params[*piece.param];
        if (!value) {
            open = *piece.param;
            return std::nullopt;
        }
        const auto& literal = std::get<std::string>(*value);
        text += glob ? glob::escape(literal) : literal;
    }
    while (text.size() > 1 && text.starts_with("//")) { // a param that is "/"
        text.erase(0, 1);
    }
    return text;
}

const std::vector<landlock::Pattern>& Evaluator::patterns(const std::string& text) const {
    const auto [at, fresh] = patterns_.try_emplace(text);
    if (fresh) {
        if (Result<std::vector<landlock::Pattern>> parsed = landlock::parsePatterns(text)) {
            at->second = *std::move(parsed);
        }
    }
    return at->second;
}

} // namespace landlatch::query
