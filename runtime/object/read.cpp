// SPDX-License-Identifier: Apache-2.0
// Reads the manifest and puts the parts together. See read.h for what may be relied on, format.h for the records.
//
// Order matters: sizes and checksums first, then strings (everything names them), then params (rulesets use them), then
// the rest in the order of the file.
#include "runtime/object/read.h"

#include "runtime/base/unique_fd.h"
#include "runtime/landlock/abi.h" // constants only, no code of that layer
#include "runtime/object/checksum.h"
#include "runtime/object/cursor.h"
#include "runtime/object/elf.h"
#include "runtime/object/format.h"
#include "runtime/object/read_ruleset.h"
#include "runtime/object/text.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <fcntl.h>
#include <sys/stat.h>

namespace landlatch::object {
namespace {

Error invalid(std::string message) { return Error{EINVAL, "damaged policy object: " + std::move(message)}; }
Error tooBig() { return Error{EFBIG, "the object asks for too much memory"}; }
constexpr bool subset(std::uint64_t part, std::uint64_t whole) { return (part & ~whole) == 0; }

/// Header fields that stand alone. The version comes first: all else may mean something else in a newer format.
Result<format::Header> readHeader(const Sections& sections) {
    format::Header header;
    std::memcpy(&header, sections.manifest.data(), sizeof(header));
    if (header.magic != format::kMagic) {
        return invalid("the manifest has a wrong magic");
    }
    if (header.version > format::kVersion) {
        return Error{ENOTSUP, "the policy object has format " + std::to_string(header.version) +
                                  ", this program reads up to " + std::to_string(format::kVersion) +
                                  ": use a newer landlatch or compile the policy again"};
    }
    if (header.version != format::kVersion) {
        return invalid("format " + std::to_string(header.version) + " never existed");
    }
    if (header.checksum != crc32c(sections.manifest.subspan(format::kChecksumEnd))) {
        return invalid("the manifest's checksum doesn't fit");
    }
    if (header.rulesets_bytes != sections.rulesets.size() || header.rulesets_checksum != crc32c(sections.rulesets)) {
        return invalid("the rulesets' size or checksum doesn't fit");
    }
    if (sections.tables.empty()) {
        return invalid("no match tables");
    }
    if (header.tables_words != sections.tables.size() / 4 || header.tables_checksum != crc32c(sections.tables)) {
        return invalid("the match tables' size or checksum doesn't fit");
    }
    std::array<char, 8> rulesets_magic{};
    std::memcpy(rulesets_magic.data(), sections.rulesets.data(), rulesets_magic.size());
    if (rulesets_magic != format::kRulesetsMagic) {
        return invalid("the rulesets have a wrong magic");
    }
    if (sections.manifest.size() % 8 != 0 || sections.rulesets.size() % 8 != 0) {
        return invalid("a section isn't padded");
    }
    if (header.abi < abi::kFirst || header.floor < abi::kFirst || header.floor > header.abi) {
        return invalid("Landlock ABIs that contradict each other");
    }
    if (header.abi > abi::kLatest) {
        return Error{ENOTSUP, "the policy is written for Landlock ABI " + std::to_string(header.abi) +
                                  ", this program knows up to " + std::to_string(abi::kLatest)};
    }
    const abi::Masks known = abi::known(header.abi);
    if (!subset(header.leaving_fs, known.fs) || !subset(header.leaving_net, known.net) ||
        !subset(header.leaving_scoped, known.scoped)) {
        return invalid("`leaving` names rights that the ABI doesn't have");
    }
    if (header.always_rulesets > format::kMaxAlwaysRulesets || header.groups > format::kMaxGroups) {
        return invalid("more always-rulesets or groups than a decision has bits");
    }
    return header;
}

/// The records of the manifest as they stand in the file.
struct Records {
    std::vector<std::string_view> strings;
    std::vector<format::ParamRecord> params;
    std::vector<format::PortRangeRecord> param_ports;
    std::vector<std::uint32_t> blob_bytes;
    std::vector<format::RulesetRecord> rulesets;
    std::vector<format::EffectRecord> effects;
    std::vector<std::uint32_t> effect_rulesets;
    std::vector<format::RuleRecord> rules;
    std::vector<std::uint32_t> always_rulesets;
    std::vector<format::IdRecord> users;
    std::vector<format::IdRecord> groups;
};

template <typename T>
Result<void> takeInto(std::vector<T>& into, Cursor& cursor, std::uint32_t count, std::string_view what) {
    auto records = cursor.take<T>(count, what);
    if (!records) {
        return records.error();
    }
    into = std::move(*records);
    return {};
}

Result<void> takeStrings(std::vector<std::string_view>& into, Cursor& cursor,
                         const std::vector<std::uint32_t>& lengths) {
    into.reserve(lengths.size());
    for (const std::uint32_t length : lengths) {
        if (length > format::kMaxStringBytes) {
            return invalid("a string is too long");
        }
        const auto text = cursor.takeText(length, "strings");
        if (!text) {
            return text.error();
        }
        if (!isPlainText(*text)) {
            return invalid("a string isn't plain UTF-8");
        }
        into.push_back(*text);
    }
    if (into.empty() || !into.front().empty()) {
        return invalid("string 0 isn't empty");
    }
    return {};
}

Result<Records> takeRecords(std::span<const std::byte> manifest, const format::Header& header) {
    Records records;
    std::vector<std::uint32_t> lengths;
    Cursor cursor(manifest.subspan(sizeof(format::Header)), "manifest");
    // A chain: each step runs only if all before it succeeded. The order is the file's.
    Result<void> done = takeInto(lengths, cursor, header.strings, "strings");
    const auto then = [&](auto& into, std::uint32_t count, std::string_view what) {
        if (done) {
            done = takeInto(into, cursor, count, what);
        }
    };
    then(records.params, header.params, "params");
    then(records.param_ports, header.param_ports, "ports of params");
    then(records.blob_bytes, header.blobs, "sizes of rulesets");
    then(records.rulesets, header.rulesets, "rulesets");
    then(records.effects, header.effects, "effects");
    then(records.effect_rulesets, header.effect_rulesets, "rulesets of effects");
    then(records.rules, header.rules, "rules");
    then(records.always_rulesets, header.always_rulesets, "always-rulesets");
    then(records.users, header.users, "users");
    then(records.groups, header.groups, "groups");
    if (done) {
        done = takeStrings(records.strings, cursor, lengths);
    }
    if (done) {
        done = cursor.finish();
    }
    if (!done) {
        return done.error();
    }
    return records;
}

/// Turns records into the policy's values, one kind a function.
class Assembler {
public:
    Assembler(Records records, Budget& budget)
        : records_(std::move(records)), strings_(std::move(records_.strings), budget), budget_(budget) {}

    Result<Policy> run(const format::Header& header, const Sections& sections);

private:
    Result<void> addParams(Policy& policy);
    Result<Param> readParam(const format::ParamRecord& record, Sequence<format::PortRangeRecord>& ports);
    Result<void> addRulesets(Policy& policy, std::span<const std::byte> section);
    Result<void> addEffects(Policy& policy);
    Result<void> addRules(Policy& policy);
    Result<void> addAlways(Policy& policy);
    Result<std::vector<IdName>> readIds(const std::vector<format::IdRecord>& records);
    /// Puts the string `id` into `into`.
    Result<void> text(std::string& into, format::StringId id, std::string_view what);

    Records records_;
    Strings strings_;
    Budget& budget_;
};

Result<void> Assembler::text(std::string& into, format::StringId id, std::string_view what) {
    auto string = strings_.get(id, what);
    if (!string) {
        return string.error();
    }
    into = std::move(*string);
    return {};
}

Result<Param> Assembler::readParam(const format::ParamRecord& record, Sequence<format::PortRangeRecord>& ports) {
    Param param;
    if (record.type > static_cast<std::uint32_t>(ParamType::kPorts)) {
        return invalid("a param of unknown type");
    }
    param.type = static_cast<ParamType>(record.type);
    Result<void> done = text(param.name, record.name, "name of a param");
    if (done) {
        done = text(param.env, record.env, "variable of a param");
    }
    if (!done) {
        return done.error();
    }
    if (param.name.empty()) {
        return invalid("a param without a name");
    }
    const bool is_path = param.type == ParamType::kPath;
    const std::uint32_t allowed_default = is_path ? format::kDefaultPath : format::kDefaultPorts;
    if (record.default_kind != format::kDefaultNone && record.default_kind != allowed_default) {
        return invalid("a param's default has another type");
    }
    if (record.default_kind == format::kDefaultPath) {
        std::string path;
        if (done = text(path, record.default_path, "default of a param"); !done) {
            return done.error();
        }
        if (!isCanonicalPath(path)) {
            return invalid("a param's default isn't a canonical path");
        }
        param.default_path = std::move(path);
    } else if (record.default_path != 0) {
        return invalid("a param has a path that isn't its default");
    }
    const auto ranges = ports.take(record.port_count, "ports of params");
    if (!ranges) {
        return ranges.error();
    }
    if (record.default_kind != format::kDefaultPorts) {
        if (!ranges->empty()) {
            return invalid("a param has ports that aren't its default");
        }
        return param;
    }
    param.default_ports.emplace();
    for (const format::PortRangeRecord& range : *ranges) {
        if (range.first > range.last) {
            return invalid("a param has a reversed range of ports");
        }
        param.default_ports->push_back({range.first, range.last});
    }
    const bool one_port = ranges->size() == 1 && ranges->front().first == ranges->front().last;
    if (ranges->empty() || (param.type == ParamType::kPort && !one_port)) {
        return invalid("a param's default isn't the one port or the ports it must be");
    }
    return param;
}

Result<void> Assembler::addParams(Policy& policy) {
    Sequence<format::PortRangeRecord> ports(std::move(records_.param_ports));
    if (!budget_.take(records_.params.size() * sizeof(Param))) {
        return tooBig();
    }
    for (const format::ParamRecord& record : records_.params) {
        auto param = readParam(record, ports);
        if (!param) {
            return param.error();
        }
        policy.params.push_back(std::move(*param));
    }
    std::vector<std::string_view> names;
    for (const Param& param : policy.params) {
        names.push_back(param.name);
    }
    std::sort(names.begin(), names.end());
    if (std::adjacent_find(names.begin(), names.end()) != names.end()) {
        return invalid("two params of one name");
    }
    return ports.finish("ports of params");
}

Result<void> Assembler::addRulesets(Policy& policy, std::span<const std::byte> section) {
    struct Blob {
        Ruleset content;
        std::size_t cost = 0;
        bool used = false;
    };
    std::vector<Blob> blobs;
    std::span<const std::byte> rest = section.subspan(sizeof(format::kRulesetsMagic));
    for (const std::uint32_t bytes : records_.blob_bytes) {
        if (bytes > rest.size() || bytes % 8 != 0) {
            return invalid("a ruleset runs past the end of its section");
        }
        const std::size_t before = budget_.left();
        if (!budget_.take(sizeof(Ruleset))) {
            return tooBig();
        }
        auto content = readRulesetBlob(rest.subspan(0, bytes), strings_, policy.params, budget_);
        if (!content) {
            return content.error().within("ruleset " + std::to_string(blobs.size()));
        }
        blobs.push_back({std::move(*content), before - budget_.left(), false});
        rest = rest.subspan(bytes);
    }
    if (!rest.empty()) {
        return invalid("bytes behind the last ruleset");
    }
    for (const format::RulesetRecord& record : records_.rulesets) {
        if (record.blob >= blobs.size()) {
            return invalid("a ruleset without content");
        }
        Blob& blob = blobs[record.blob];
        if (!budget_.take(blob.cost)) {
            return tooBig();
        }
        blob.used = true;
        Ruleset ruleset = blob.content;
        ruleset.line = record.line;
        Result<void> done = text(ruleset.name, record.name, "name of a ruleset");
        if (done) {
            done = text(ruleset.file, record.file, "file of a ruleset");
        }
        if (!done) {
            return done;
        }
        if (ruleset.name.empty()) {
            return invalid("a ruleset without a name");
        }
        policy.rulesets.push_back(std::move(ruleset));
    }
    if (std::any_of(blobs.begin(), blobs.end(), [](const Blob& blob) { return !blob.used; })) {
        return invalid("content that no ruleset has");
    }
    return {};
}

Result<void> Assembler::addEffects(Policy& policy) {
    Sequence<std::uint32_t> rulesets(std::move(records_.effect_rulesets));
    if (!budget_.take(records_.effects.size() * sizeof(Effect))) {
        return tooBig();
    }
    for (const format::EffectRecord& record : records_.effects) {
        if (record.kind > static_cast<std::uint32_t>(EffectKind::kPass) || !subset(record.flags, format::kEffectNnp)) {
            return invalid("an effect of unknown kind or flags");
        }
        Effect effect;
        effect.kind = static_cast<EffectKind>(record.kind);
        effect.nnp = (record.flags & format::kEffectNnp) != 0;
        if (auto done = text(effect.why, record.why, "reason of an effect"); !done) {
            return done;
        }
        const auto ids = rulesets.take(record.ruleset_count, "rulesets of effects");
        if (!ids) {
            return ids.error();
        }
        effect.rulesets.assign(ids->begin(), ids->end());
        const bool apply = effect.kind == EffectKind::kApply;
        if (apply != !effect.rulesets.empty() || (!apply && effect.nnp) ||
            (effect.kind != EffectKind::kDeny && !effect.why.empty())) {
            return invalid("an effect with parts that its kind doesn't have");
        }
        if (effect.rulesets.size() > format::kMaxEffectRulesets) {
            return invalid("an effect of more than 16 rulesets");
        }
        for (std::size_t i = 0; i < effect.rulesets.size(); ++i) {
            if (effect.rulesets[i] >= policy.rulesets.size() ||
                (i > 0 && effect.rulesets[i - 1] >= effect.rulesets[i])) {
                return invalid("an effect whose rulesets are unknown or out of order");
            }
        }
        policy.effects.push_back(std::move(effect));
    }
    return rulesets.finish("rulesets of effects");
}

Result<void> Assembler::addRules(Policy& policy) {
    if (!budget_.take(records_.rules.size() * sizeof(Rule))) {
        return tooBig();
    }
    for (const format::RuleRecord& record : records_.rules) {
        if (record.effect >= policy.effects.size() || !subset(record.flags, format::kRuleAlways | format::kRuleAudit)) {
            return invalid("a rule of unknown effect or flags");
        }
        Rule rule;
        rule.line = record.line;
        rule.effect = record.effect;
        rule.always = (record.flags & format::kRuleAlways) != 0;
        rule.audit = (record.flags & format::kRuleAudit) != 0;
        Result<void> done = text(rule.name, record.name, "name of a rule");
        if (done) {
            done = text(rule.file, record.file, "file of a rule");
        }
        if (!done) {
            return done;
        }
        policy.rules.push_back(std::move(rule));
    }
    return {};
}

Result<void> Assembler::addAlways(Policy& policy) {
    std::vector<std::uint32_t> sorted = records_.always_rulesets;
    std::sort(sorted.begin(), sorted.end());
    if (std::adjacent_find(sorted.begin(), sorted.end()) != sorted.end() ||
        (!sorted.empty() && sorted.back() >= policy.rulesets.size())) {
        return invalid("always-rulesets that are unknown or said twice");
    }
    policy.always_rulesets = std::move(records_.always_rulesets);
    return {};
}

Result<std::vector<IdName>> Assembler::readIds(const std::vector<format::IdRecord>& records) {
    if (!budget_.take(records.size() * sizeof(IdName))) {
        return tooBig();
    }
    std::vector<IdName> ids;
    ids.reserve(records.size());
    for (const format::IdRecord& record : records) {
        IdName id;
        id.numeric = (record.flags & format::kIdNumeric) != 0;
        id.optional = (record.flags & format::kIdOptional) != 0;
        id.number = record.number;
        if (auto done = text(id.name, record.name, "name of a user or group"); !done) {
            return done.error();
        }
        if (!subset(record.flags, format::kIdNumeric | format::kIdOptional) || id.name.empty() ||
            (!id.numeric && id.number != 0)) {
            return invalid("a user or group without a name or with unknown flags");
        }
        ids.push_back(std::move(id));
    }
    return ids;
}

Result<Policy> Assembler::run(const format::Header& header, const Sections& sections) {
    Policy policy;
    policy.format_version = header.version;
    policy.abi = header.abi;
    policy.floor = header.floor;
    policy.leaving_fs = header.leaving_fs;
    policy.leaving_net = header.leaving_net;
    policy.leaving_scoped = header.leaving_scoped;
    Result<void> done = text(policy.compiler_version, header.compiler_version, "compiler version");
    const auto then = [&](Result<void> (Assembler::*step)(Policy&)) {
        if (done) {
            done = (this->*step)(policy);
        }
    };
    then(&Assembler::addParams);
    if (done) {
        done = addRulesets(policy, sections.rulesets);
    }
    then(&Assembler::addEffects);
    then(&Assembler::addRules);
    then(&Assembler::addAlways);
    if (!done) {
        return done.error();
    }
    auto users = readIds(records_.users);
    if (!users) {
        return users.error();
    }
    auto groups = readIds(records_.groups);
    if (!groups) {
        return groups.error();
    }
    policy.users = std::move(*users);
    policy.groups = std::move(*groups);
    policy.tables.resize(sections.tables.size() / sizeof(std::uint32_t));
    if (!policy.tables.empty()) {
        std::memcpy(policy.tables.data(), sections.tables.data(), sections.tables.size());
    }
    return policy;
}

/// All bytes of a regular file, at most format::kMaxFileBytes.
Result<std::vector<std::byte>> readWhole(const std::string& path) {
    const UniqueFd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK));
    if (!fd) {
        return errnoError(path);
    }
    struct stat status{};
    if (::fstat(fd.get(), &status) != 0) {
        return errnoError(path);
    }
    if (!S_ISREG(status.st_mode)) {
        return Error{EINVAL, path + ": not a regular file"};
    }
    if (status.st_size > static_cast<off_t>(format::kMaxFileBytes)) {
        return Error{EFBIG, path + ": larger than any policy object"};
    }
    // Room for one byte more: a file that grew meanwhile is seen to end later than it said.
    std::vector<std::byte> bytes(static_cast<std::size_t>(status.st_size) + 1);
    std::size_t filled = 0;
    while (filled < bytes.size()) {
        const ssize_t got = ::read(fd.get(), bytes.data() + filled, bytes.size() - filled);
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got < 0) {
            return errnoError(path);
        }
        if (got == 0) {
            break;
        }
        filled += static_cast<std::size_t>(got);
    }
    if (filled != static_cast<std::size_t>(status.st_size)) {
        return Error{EAGAIN, path + ": changed while it was read"};
    }
    bytes.resize(filled);
    return bytes;
}

} // namespace

Result<Policy> read(std::span<const std::byte> file) {
    if (file.size() > format::kMaxFileBytes) {
        return Error{EFBIG, "larger than any policy object"};
    }
    const auto sections = findSections(file);
    if (!sections) {
        return sections.error();
    }
    return readSections(*sections);
}

Result<Policy> readSections(const Sections& sections) {
    if (sections.manifest.size() < sizeof(format::Header) ||
        sections.rulesets.size() < sizeof(format::kRulesetsMagic)) {
        return invalid("a section is too short");
    }
    const auto header = readHeader(sections);
    if (!header) {
        return header.error();
    }
    auto records = takeRecords(sections.manifest, *header);
    if (!records) {
        return records.error();
    }
    Budget budget(sections.manifest.size() + sections.rulesets.size());
    return Assembler(std::move(*records), budget).run(*header, sections);
}

Result<std::vector<std::byte>> readBytes(const std::string& path) { return readWhole(path); }

Result<Policy> readFile(const std::string& path) {
    const auto bytes = readWhole(path);
    if (!bytes) {
        return bytes.error();
    }
    auto policy = read(*bytes);
    if (!policy) {
        return policy.error().within(path);
    }
    return policy;
}

} // namespace landlatch::object
