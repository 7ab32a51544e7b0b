// SPDX-License-Identifier: Apache-2.0
// Reads a ruleset's content and checks that it is one the kernel's interface can express: masks of the stated ABI only,
// rights only where they may stand, params of the right type.
#include "runtime/object/read_ruleset.h"

#include "runtime/landlock/abi.h" // constants only, no code of that layer
#include "runtime/object/format.h"

#include <algorithm>
#include <cstdint>
#include <string>

namespace landlatch::object {
namespace {

Error invalid(std::string message) { return Error{EINVAL, std::move(message)}; }

constexpr bool subset(std::uint64_t part, std::uint64_t whole) { return (part & ~whole) == 0; }

/// restrict_self's log flags (same_exec_off, new_exec_on, subdomains_off), ABI 7.
constexpr std::uint32_t kLogFlags = 0b111;

/// What the records of one blob are read with.
class BlobReader {
public:
    BlobReader(const Strings& strings, const std::vector<Param>& params, Budget& budget)
        : strings_(strings), params_(params), budget_(budget) {}

    Result<Ruleset> read(Cursor cursor);

private:
    Result<void> readMasks(const format::RulesetHeader& header, Ruleset& ruleset);
    Result<std::vector<PathGrant>> readPaths(const std::vector<format::PathRecord>& records, std::uint64_t allowed);
    Result<PathGrant> readPath(const format::PathRecord& record, std::uint64_t allowed);
    Result<PathTemplate> readTemplate();
    Result<std::vector<PortGrant>> readPorts(const std::vector<format::PortRecord>& records, std::uint64_t allowed);

    const Strings& strings_;
    const std::vector<Param>& params_;
    Budget& budget_;
    Sequence<std::uint32_t> templates_{{}};
    Sequence<format::PieceRecord> pieces_{{}};
};

Result<void> BlobReader::readMasks(const format::RulesetHeader& header, Ruleset& ruleset) {
    if (header.abi < abi::kFirst) {
        return invalid("a Landlock ABI of 0");
    }
    if (header.abi > abi::kLatest) {
        return Error{ENOTSUP, "Landlock ABI " + std::to_string(header.abi) + " is newer than this program knows (" +
                                  std::to_string(abi::kLatest) + ")"};
    }
    const abi::Masks known = abi::known(header.abi);
    if (!subset(header.handled_fs, known.fs) || !subset(header.handled_net, known.net) ||
        !subset(header.scoped, known.scoped) || !subset(header.left_fs, known.fs) ||
        !subset(header.left_net, known.net) || !subset(header.left_scoped, known.scoped)) {
        return invalid("rights that ABI " + std::to_string(header.abi) + " doesn't have");
    }
    if ((header.handled_fs & header.left_fs) != 0 || (header.handled_net & header.left_net) != 0 ||
        (header.scoped & header.left_scoped) != 0) {
        return invalid("rights both handled and left");
    }
    if (!subset(header.hard_scopes, header.scoped) || !subset(header.quiet_scopes, header.scoped)) {
        return invalid("scopes that aren't handled");
    }
    if (!subset(header.log_flags, kLogFlags) || !subset(header.flags, format::kRulesetInTarget) ||
        header.reserved != 0) {
        return invalid("unknown flags");
    }
    ruleset.abi = header.abi;
    ruleset.handled_fs = header.handled_fs;
    ruleset.handled_net = header.handled_net;
    ruleset.scoped = header.scoped;
    ruleset.hard_scopes = header.hard_scopes;
    ruleset.left_fs = header.left_fs;
    ruleset.left_net = header.left_net;
    ruleset.left_scoped = header.left_scoped;
    ruleset.quiet_scopes = header.quiet_scopes;
    ruleset.log_flags = header.log_flags;
    ruleset.in_target = (header.flags & format::kRulesetInTarget) != 0;
    return {};
}

Result<PathTemplate> BlobReader::readTemplate() {
    const auto count = templates_.take(1, "paths");
    if (!count) {
        return count.error();
    }
    const auto records = pieces_.take(count->front(), "pieces of a path");
    if (!records) {
        return records.error();
    }
    if (!budget_.take(records->size() * sizeof(PathPiece))) {
        return Error{EFBIG, "the object asks for too much memory"};
    }
    PathTemplate path;
    path.reserve(records->size());
    for (const format::PieceRecord& record : *records) {
        auto text = strings_.get(record.text, "text of a path");
        if (!text) {
            return text.error();
        }
        if (record.param == format::kNoParam) {
            if (text->empty()) {
                return invalid("an empty piece of a path");
            }
            path.push_back({std::nullopt, std::move(*text)});
            continue;
        }
        if (record.param >= params_.size() || params_[record.param].type != ParamType::kPath || !text->empty()) {
            return invalid("a piece of a path that is no path param");
        }
        path.push_back({record.param, {}});
    }
    if (path.empty()) {
        return invalid("a path without pieces");
    }
    return path;
}

Result<PathGrant> BlobReader::readPath(const format::PathRecord& record, std::uint64_t allowed) {
    if (record.kind > static_cast<std::uint32_t>(PathKind::kEach) || !subset(record.flags, format::kPathOptional) ||
        record.reserved != 0) {
        return invalid("unknown kind or flags of a path");
    }
    PathGrant grant;
    grant.kind = static_cast<PathKind>(record.kind);
    if (grant.kind == PathKind::kFile) {
        allowed &= abi::kFileRights;
    }
    if (record.access == 0 || !subset(record.access, allowed)) {
        return invalid("a path with rights that its ruleset or its kind can't give");
    }
    if (grant.kind == PathKind::kFile && record.excepts != 0) {
        return invalid("exceptions of a file");
    }
    grant.access = record.access;
    grant.optional = (record.flags & format::kPathOptional) != 0;
    grant.line = record.line;
    auto file = strings_.get(record.file, "file of a path");
    if (!file) {
        return file.error();
    }
    grant.file = std::move(*file);
    auto path = readTemplate();
    if (!path) {
        return path.error();
    }
    grant.path = std::move(*path);
    // Globs may start with alternatives; who expands them checks.
    if (grant.kind != PathKind::kEach && !grant.path.front().param && grant.path.front().text.front() != '/') {
        return invalid("a path that isn't absolute");
    }
    for (std::uint32_t i = 0; i < record.excepts; ++i) {
        auto except = readTemplate();
        if (!except) {
            return except.error();
        }
        grant.except.push_back(std::move(*except));
    }
    return grant;
}

Result<std::vector<PathGrant>> BlobReader::readPaths(const std::vector<format::PathRecord>& records,
                                                     std::uint64_t allowed) {
    std::vector<PathGrant> grants;
    grants.reserve(records.size());
    for (const format::PathRecord& record : records) {
        auto grant = readPath(record, allowed);
        if (!grant) {
            return grant.error();
        }
        grants.push_back(std::move(*grant));
    }
    return grants;
}

Result<std::vector<PortGrant>> BlobReader::readPorts(const std::vector<format::PortRecord>& records,
                                                     std::uint64_t allowed) {
    std::vector<PortGrant> grants;
    grants.reserve(records.size());
    for (const format::PortRecord& record : records) {
        if (record.access == 0 || !subset(record.access, allowed)) {
            return invalid("ports with rights that the ruleset doesn't handle");
        }
        PortGrant grant;
        grant.access = record.access;
        grant.line = record.line;
        auto file = strings_.get(record.file, "file of ports");
        if (!file) {
            return file.error();
        }
        grant.file = std::move(*file);
        if (record.param == format::kNoParam) {
            if (record.first > record.last) {
                return invalid("a reversed range of ports");
            }
            grant.ports = PortRange{record.first, record.last};
        } else if (record.param < params_.size() && params_[record.param].type != ParamType::kPath &&
                   record.first == 0 && record.last == 0) {
            grant.ports = record.param;
        } else {
            return invalid("ports that are no param of ports");
        }
        grants.push_back(std::move(grant));
    }
    return grants;
}

Result<Ruleset> BlobReader::read(Cursor cursor) {
    const auto header = cursor.takeOne<format::RulesetHeader>("header");
    if (!header) {
        return header.error();
    }
    Ruleset ruleset;
    if (auto masks = readMasks(*header, ruleset); !masks) {
        return masks.error();
    }
    const auto paths = cursor.take<format::PathRecord>(header->paths, "paths");
    if (!paths) {
        return paths.error();
    }
    const auto ports = cursor.take<format::PortRecord>(header->ports, "ports");
    if (!ports) {
        return ports.error();
    }
    const auto quiet_paths = cursor.take<format::PathRecord>(header->quiet_paths, "quiet paths");
    if (!quiet_paths) {
        return quiet_paths.error();
    }
    const auto quiet_ports = cursor.take<format::PortRecord>(header->quiet_ports, "quiet ports");
    if (!quiet_ports) {
        return quiet_ports.error();
    }
    auto templates = cursor.take<std::uint32_t>(header->templates, "templates");
    if (!templates) {
        return templates.error();
    }
    auto pieces = cursor.take<format::PieceRecord>(header->pieces, "pieces");
    if (!pieces) {
        return pieces.error();
    }
    if (auto end = cursor.finish(); !end) {
        return end.error();
    }
    if (!budget_.take((paths->size() + quiet_paths->size()) * sizeof(PathGrant) +
                      (ports->size() + quiet_ports->size()) * sizeof(PortGrant) +
                      templates->size() * sizeof(PathTemplate))) {
        return Error{EFBIG, "the object asks for too much memory"};
    }
    templates_ = Sequence<std::uint32_t>(std::move(*templates));
    pieces_ = Sequence<format::PieceRecord>(std::move(*pieces));

    auto read_paths = readPaths(*paths, ruleset.handled_fs);
    if (!read_paths) {
        return read_paths.error();
    }
    auto read_ports = readPorts(*ports, ruleset.handled_net);
    if (!read_ports) {
        return read_ports.error();
    }
    auto read_quiet_paths = readPaths(*quiet_paths, ruleset.handled_fs);
    if (!read_quiet_paths) {
        return read_quiet_paths.error();
    }
    auto read_quiet_ports = readPorts(*quiet_ports, ruleset.handled_net);
    if (!read_quiet_ports) {
        return read_quiet_ports.error();
    }
    if (auto end = templates_.finish("paths"); !end) {
        return end.error();
    }
    if (auto end = pieces_.finish("pieces of paths"); !end) {
        return end.error();
    }
    ruleset.paths = std::move(*read_paths);
    ruleset.ports = std::move(*read_ports);
    ruleset.quiet_paths = std::move(*read_quiet_paths);
    ruleset.quiet_ports = std::move(*read_quiet_ports);
    return ruleset;
}

} // namespace

Result<Ruleset> readRulesetBlob(std::span<const std::byte> blob, const Strings& strings,
                                const std::vector<Param>& params, Budget& budget) {
    return BlobReader(strings, params, budget).read(Cursor(blob, "ruleset"));
}

} // namespace landlatch::object
