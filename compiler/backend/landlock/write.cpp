// SPDX-License-Identifier: Apache-2.0
// The writer of format.h. Strings are numbered by first use, in the order the records are made.
#include "compiler/backend/landlock/write.h"

#include "runtime/object/checksum.h"
#include "runtime/object/format.h"
#include "runtime/object/read.h"

#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>
#include <type_traits>
#include <unordered_map>
#include <utility>
#include <vector>

namespace landlatch::backend_landlock {
namespace {

namespace format = object::format;

template <typename T> void append(std::string& bytes, const T& record) {
    static_assert(std::is_trivially_copyable_v<T>);
    bytes.append(reinterpret_cast<const char*>(&record), sizeof(T));
}

template <typename T> void appendAll(std::string& bytes, const std::vector<T>& records) {
    for (const T& record : records) {
        append(bytes, record);
    }
}

void pad(std::string& bytes) { bytes.append((8 - bytes.size() % 8) % 8, '\0'); }

template <typename T> std::uint32_t count(const std::vector<T>& records) {
    return static_cast<std::uint32_t>(records.size());
}

/// Numbers distinct byte strings by first use.
class Pool {
public:
    std::uint32_t add(const std::string& bytes) {
        const auto [found, fresh] = numbers_.try_emplace(bytes, static_cast<std::uint32_t>(order_.size()));
        if (fresh) {
            order_.push_back(&found->first);
        }
        return found->second;
    }
    /// Stable: an unordered_map's keys don't move.
    [[nodiscard]] const std::vector<const std::string*>& order() const { return order_; }
    [[nodiscard]] std::vector<std::uint32_t> lengths() const {
        std::vector<std::uint32_t> lengths;
        for (const std::string* bytes : order_) {
            lengths.push_back(static_cast<std::uint32_t>(bytes->size()));
        }
        return lengths;
    }

private:
    std::unordered_map<std::string, std::uint32_t> numbers_;
    std::vector<const std::string*> order_;
};

/// The content of one ruleset: everything but its name and place.
class BlobWriter {
public:
    explicit BlobWriter(Pool& strings) : strings_(strings) {}
    std::string write(const object::Ruleset& ruleset);

private:
    std::vector<format::PathRecord> paths(const std::vector<object::PathGrant>& grants);
    std::vector<format::PortRecord> ports(const std::vector<object::PortGrant>& grants);
    void addTemplate(const object::PathTemplate& path);

    Pool& strings_;
    std::vector<std::uint32_t> templates_;
    std::vector<format::PieceRecord> pieces_;
};

void BlobWriter::addTemplate(const object::PathTemplate& path) {
    templates_.push_back(count(path));
    for (const object::PathPiece& piece : path) {
        pieces_.push_back({piece.param.value_or(format::kNoParam), strings_.add(piece.text)});
    }
}

std::vector<format::PathRecord> BlobWriter::paths(const std::vector<object::PathGrant>& grants) {
    std::vector<format::PathRecord> records;
    for (const object::PathGrant& grant : grants) {
        addTemplate(grant.path);
        for (const object::PathTemplate& except : grant.except) {
            addTemplate(except);
        }
        records.push_back({grant.access, static_cast<std::uint32_t>(grant.kind),
                           grant.optional ? format::kPathOptional : 0U, strings_.add(grant.file), grant.line,
                           count(grant.except), 0});
    }
    return records;
}

std::vector<format::PortRecord> BlobWriter::ports(const std::vector<object::PortGrant>& grants) {
    std::vector<format::PortRecord> records;
    for (const object::PortGrant& grant : grants) {
        format::PortRecord record{grant.access, format::kNoParam, 0, 0, strings_.add(grant.file), grant.line};
        if (const auto* range = std::get_if<object::PortRange>(&grant.ports)) {
            record.first = range->first;
            record.last = range->last;
        } else {
            record.param = std::get<std::uint32_t>(grant.ports);
        }
        records.push_back(record);
    }
    return records;
}

std::string BlobWriter::write(const object::Ruleset& ruleset) {
    const auto path_records = paths(ruleset.paths);
    const auto port_records = ports(ruleset.ports);
    const auto quiet_path_records = paths(ruleset.quiet_paths);
    const auto quiet_port_records = ports(ruleset.quiet_ports);
    format::RulesetHeader header{};
    header.handled_fs = ruleset.handled_fs;
    header.handled_net = ruleset.handled_net;
    header.scoped = ruleset.scoped;
    header.hard_scopes = ruleset.hard_scopes;
    header.left_fs = ruleset.left_fs;
    header.left_net = ruleset.left_net;
    header.left_scoped = ruleset.left_scoped;
    header.quiet_scopes = ruleset.quiet_scopes;
    header.abi = ruleset.abi;
    header.log_flags = ruleset.log_flags;
    header.flags = ruleset.in_target ? format::kRulesetInTarget : 0U;
    header.paths = count(path_records);
    header.ports = count(port_records);
    header.quiet_paths = count(quiet_path_records);
    header.quiet_ports = count(quiet_port_records);
    header.templates = count(templates_);
    header.pieces = count(pieces_);
    std::string bytes;
    append(bytes, header);
    appendAll(bytes, path_records);
    appendAll(bytes, port_records);
    appendAll(bytes, quiet_path_records);
    appendAll(bytes, quiet_port_records);
    appendAll(bytes, templates_);
    appendAll(bytes, pieces_);
    pad(bytes);
    return bytes;
}

class ManifestWriter {
public:
    explicit ManifestWriter(const object::Policy& policy) : policy_(policy) { strings_.add(""); }
    SectionBytes write();

private:
    void makeRecords();
    void addParam(const object::Param& param);
    std::vector<format::IdRecord> ids(const std::vector<object::IdName>& names);

    const object::Policy& policy_;
    Pool strings_;
    Pool blobs_;
    std::vector<format::ParamRecord> params_;
    std::vector<format::PortRangeRecord> param_ports_;
    std::vector<format::RulesetRecord> rulesets_;
    std::vector<format::EffectRecord> effects_;
    std::vector<std::uint32_t> effect_rulesets_;
    std::vector<format::RuleRecord> rules_;
    std::vector<format::IdRecord> users_;
    std::vector<format::IdRecord> groups_;
};

void ManifestWriter::addParam(const object::Param& param) {
    format::ParamRecord record{};
    record.name = strings_.add(param.name);
    record.type = static_cast<std::uint32_t>(param.type);
    record.env = strings_.add(param.env);
    if (param.default_path) {
        record.default_kind = format::kDefaultPath;
        record.default_path = strings_.add(*param.default_path);
    } else if (param.default_ports) {
        record.default_kind = format::kDefaultPorts;
        record.port_count = count(*param.default_ports);
        for (const object::PortRange& range : *param.default_ports) {
            param_ports_.push_back({range.first, range.last});
        }
    }
    params_.push_back(record);
}

std::vector<format::IdRecord> ManifestWriter::ids(const std::vector<object::IdName>& names) {
    std::vector<format::IdRecord> records;
    for (const object::IdName& id : names) {
        records.push_back({strings_.add(id.name), id.number,
                           (id.numeric ? format::kIdNumeric : 0U) | (id.optional ? format::kIdOptional : 0U)});
    }
    return records;
}

void ManifestWriter::makeRecords() {
    for (const object::Param& param : policy_.params) {
        addParam(param);
    }
    for (const object::Ruleset& ruleset : policy_.rulesets) {
        const std::uint32_t name = strings_.add(ruleset.name);
        const std::uint32_t file = strings_.add(ruleset.file);
        rulesets_.push_back({name, file, ruleset.line, blobs_.add(BlobWriter(strings_).write(ruleset))});
    }
    for (const object::Effect& effect : policy_.effects) {
        effects_.push_back({static_cast<std::uint32_t>(effect.kind), effect.nnp ? format::kEffectNnp : 0U,
                            strings_.add(effect.why), count(effect.rulesets)});
        effect_rulesets_.insert(effect_rulesets_.end(), effect.rulesets.begin(), effect.rulesets.end());
    }
    for (const object::Rule& rule : policy_.rules) {
        const std::uint32_t name = strings_.add(rule.name);
        rules_.push_back({name, strings_.add(rule.file), rule.line, rule.effect,
                          (rule.always ? format::kRuleAlways : 0U) | (rule.audit ? format::kRuleAudit : 0U)});
    }
    users_ = ids(policy_.users);
    groups_ = ids(policy_.groups);
}

SectionBytes ManifestWriter::write() {
    makeRecords();
    SectionBytes out;
    out.rulesets.assign(format::kRulesetsMagic.data(), format::kRulesetsMagic.size());
    for (const std::string* blob : blobs_.order()) {
        out.rulesets += *blob;
    }
    out.tables.assign(reinterpret_cast<const char*>(policy_.tables.data()), policy_.tables.size() * 4);

    format::Header header{};
    header.magic = format::kMagic;
    header.version = format::kVersion;
    header.rulesets_bytes = static_cast<std::uint32_t>(out.rulesets.size());
    header.rulesets_checksum = object::crc32c(std::as_bytes(std::span(out.rulesets)));
    header.tables_words = count(policy_.tables);
    header.tables_checksum = object::crc32c(std::as_bytes(std::span(out.tables)));
    header.leaving_fs = policy_.leaving_fs;
    header.leaving_net = policy_.leaving_net;
    header.leaving_scoped = policy_.leaving_scoped;
    header.abi = policy_.abi;
    header.floor = policy_.floor;
    header.compiler_version = strings_.add(policy_.compiler_version);
    header.params = count(params_);
    header.param_ports = count(param_ports_);
    header.blobs = count(blobs_.order());
    header.rulesets = count(rulesets_);
    header.effects = count(effects_);
    header.effect_rulesets = count(effect_rulesets_);
    header.rules = count(rules_);
    header.always_rulesets = count(policy_.always_rulesets);
    header.users = count(users_);
    header.groups = count(groups_);
    header.strings = count(strings_.order());

    std::string& bytes = out.manifest;
    append(bytes, header);
    appendAll(bytes, strings_.lengths());
    appendAll(bytes, params_);
    appendAll(bytes, param_ports_);
    appendAll(bytes, blobs_.lengths());
    appendAll(bytes, rulesets_);
    appendAll(bytes, effects_);
    appendAll(bytes, effect_rulesets_);
    appendAll(bytes, rules_);
    appendAll(bytes, policy_.always_rulesets);
    appendAll(bytes, users_);
    appendAll(bytes, groups_);
    for (const std::string* text : strings_.order()) {
        bytes += *text;
    }
    pad(bytes);
    const std::uint32_t checksum = object::crc32c(std::as_bytes(std::span(bytes)).subspan(format::kChecksumEnd));
    std::memcpy(bytes.data() + offsetof(format::Header, checksum), &checksum, sizeof(checksum));
    return out;
}

} // namespace

Result<SectionBytes> write(const object::Policy& policy) {
    SectionBytes bytes = ManifestWriter(policy).write();
    if (bytes.manifest.size() + bytes.rulesets.size() + bytes.tables.size() > format::kMaxFileBytes / 2) {
        return Error{EFBIG, "the policy is too large for an object file"};
    }
    const auto view = [](const std::string& text) { return std::as_bytes(std::span(text)); };
    const auto read = object::readSections({view(bytes.manifest), view(bytes.rulesets), view(bytes.tables)});
    if (!read) {
        return read.error().within("the object that was made can't be read back");
    }
    return bytes;
}

} // namespace landlatch::backend_landlock
