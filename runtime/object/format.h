// SPDX-License-Identifier: Apache-2.0
// The bytes of a policy object's own sections, as plain structs shared by the writer (compiler/backend/landlock) and
// the reader (read.cpp). docs/object-format.md says the same in words, byte by byte: change both together, and kVersion
// with them.
//
// Nothing here holds an offset. Every section is a fixed header with counts, then arrays in a fixed order that follow
// one another without gaps; a record that owns a part of a later array says how many of its elements, and the elements
// are taken in order. So there is one way to write a policy, and a reader checks one thing: that all fits exactly.
// Numbers are little-endian. Strings are indices into the manifest's string list, whose entry 0 is "".
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <type_traits>

namespace landlatch::object::format {

static_assert(std::endian::native == std::endian::little, "records are copied as they are in memory");

inline constexpr std::array<char, 8> kMagic = {'L', 'A', 'N', 'D', 'L', 'T', 'C', 'H'};
inline constexpr std::array<char, 8> kRulesetsMagic = {'L', 'L', 'R', 'U', 'L', 'E', 'S', 'E'};
inline constexpr std::uint32_t kVersion = 1;

inline constexpr std::string_view kManifestSection = ".landlock.manifest";
inline constexpr std::string_view kRulesetsSection = ".landlock.rulesets";
inline constexpr std::string_view kTablesSection = ".rodata.landlatch";

// Limits. The writer refuses what the reader would.
inline constexpr std::size_t kMaxFileBytes = 256U << 20U;
inline constexpr std::size_t kMaxSections = 4096;            ///< of the ELF file
inline constexpr std::size_t kMaxStringBytes = 65535;        ///< of one string
inline constexpr std::size_t kMaxDecodedBytes = 256U << 20U; ///< memory that one object may ask the reader for, or
inline constexpr std::size_t kDecodedByByte = 8;             ///< so many bytes for each of its file, if that is more
inline constexpr std::size_t kMaxEffectRulesets = 16;        ///< Landlock's layers
inline constexpr std::size_t kMaxAlwaysRulesets = 64;        ///< bits of ll_decision.always
inline constexpr std::size_t kMaxGroups = 64;                ///< bits of ll_facts.groups
inline constexpr std::size_t kMaxLayers = 16;

inline constexpr std::uint32_t kNoParam = ~std::uint32_t{0};

using StringId = std::uint32_t;

/// First bytes of .landlock.manifest. After it, in this order and without gaps:
///   u32 string_bytes[strings] · ParamRecord[params] · PortRangeRecord[param_ports] · u32 blob_bytes[blobs] ·
///   RulesetRecord[rulesets] · EffectRecord[effects] · u32 effect_rulesets[effect_rulesets] · RuleRecord[rules] ·
///   u32 always_rulesets[always_rulesets] · IdRecord[users] · IdRecord[groups] · the strings' bytes ·
///   zero bytes up to a multiple of 8, where the section ends.
struct Header {
    std::array<char, 8> magic;
    std::uint32_t version;
    std::uint32_t checksum; ///< CRC-32C of the section's bytes behind this field
    std::uint32_t rulesets_bytes;
    std::uint32_t rulesets_checksum; ///< CRC-32C of .landlock.rulesets
    std::uint32_t tables_words;
    std::uint32_t tables_checksum; ///< CRC-32C of .rodata.landlatch
    std::uint64_t leaving_fs;
    std::uint64_t leaving_net;
    std::uint64_t leaving_scoped;
    std::uint32_t abi;
    std::uint32_t floor;
    StringId compiler_version;
    std::uint32_t strings;
    std::uint32_t params;
    std::uint32_t param_ports;
    std::uint32_t blobs;
    std::uint32_t rulesets;
    std::uint32_t effects;
    std::uint32_t effect_rulesets;
    std::uint32_t rules;
    std::uint32_t always_rulesets;
    std::uint32_t users;
    std::uint32_t groups;
};
static_assert(sizeof(Header) == 112);
inline constexpr std::size_t kChecksumEnd = offsetof(Header, checksum) + sizeof(std::uint32_t);

enum : std::uint32_t { kDefaultNone = 0, kDefaultPath = 1, kDefaultPorts = 2 };
struct ParamRecord {
    StringId name;
    std::uint32_t type; ///< ParamType
    StringId env;
    std::uint32_t default_kind;
    StringId default_path;    ///< "" unless kDefaultPath
    std::uint32_t port_count; ///< elements of PortRangeRecord[]; 0 unless kDefaultPorts
};
static_assert(sizeof(ParamRecord) == 24);

struct PortRangeRecord {
    std::uint16_t first;
    std::uint16_t last;
};
static_assert(sizeof(PortRangeRecord) == 4);

struct RulesetRecord {
    StringId name;
    StringId file;
    std::uint32_t line;
    std::uint32_t blob; ///< which blob of .landlock.rulesets; rulesets of one content share one
};
static_assert(sizeof(RulesetRecord) == 16);

inline constexpr std::uint32_t kEffectNnp = 1U << 0U;
struct EffectRecord {
    std::uint32_t kind;  ///< EffectKind
    std::uint32_t flags; ///< kEffectNnp
    StringId why;
    std::uint32_t ruleset_count; ///< elements of effect_rulesets[]
};
static_assert(sizeof(EffectRecord) == 16);

inline constexpr std::uint32_t kRuleAlways = 1U << 0U;
inline constexpr std::uint32_t kRuleAudit = 1U << 1U;
struct RuleRecord {
    StringId name;
    StringId file;
    std::uint32_t line;
    std::uint32_t effect;
    std::uint32_t flags;
};
static_assert(sizeof(RuleRecord) == 20);

inline constexpr std::uint32_t kIdNumeric = 1U << 0U;
inline constexpr std::uint32_t kIdOptional = 1U << 1U;
struct IdRecord {
    StringId name;
    std::uint32_t number; ///< 0 unless kIdNumeric
    std::uint32_t flags;
};
static_assert(sizeof(IdRecord) == 12);

// .landlock.rulesets: kRulesetsMagic, then the blobs one after the other (their sizes are in the manifest).

/// First bytes of a blob. After it: PathRecord[paths] · PortRecord[ports] · PathRecord[quiet_paths] ·
/// PortRecord[quiet_ports] · u32 template_pieces[templates] · PieceRecord[pieces] · zero bytes up to a multiple of 8.
struct RulesetHeader {
    std::uint64_t handled_fs;
    std::uint64_t handled_net;
    std::uint64_t scoped;
    std::uint64_t hard_scopes;
    std::uint64_t left_fs;
    std::uint64_t left_net;
    std::uint64_t left_scoped;
    std::uint64_t quiet_scopes;
    std::uint32_t abi;
    std::uint32_t log_flags;
    std::uint32_t flags; ///< kRulesetInTarget
    std::uint32_t paths;
    std::uint32_t ports;
    std::uint32_t quiet_paths;
    std::uint32_t quiet_ports;
    std::uint32_t templates;
    std::uint32_t pieces;
    std::uint32_t reserved; ///< 0
};
static_assert(sizeof(RulesetHeader) == 104);
inline constexpr std::uint32_t kRulesetInTarget = 1U << 0U;

inline constexpr std::uint32_t kPathOptional = 1U << 0U;
/// Takes one template for its path, then `excepts` more.
struct PathRecord {
    std::uint64_t access;
    std::uint32_t kind;  ///< PathKind
    std::uint32_t flags; ///< kPathOptional
    StringId file;
    std::uint32_t line;
    std::uint32_t excepts;
    std::uint32_t reserved; ///< 0
};
static_assert(sizeof(PathRecord) == 32);

struct PortRecord {
    std::uint64_t access;
    std::uint32_t param; ///< kNoParam: the range counts
    std::uint16_t first; ///< 0 with a param
    std::uint16_t last;
    StringId file;
    std::uint32_t line;
};
static_assert(sizeof(PortRecord) == 24);

struct PieceRecord {
    std::uint32_t param; ///< kNoParam: the text counts
    StringId text;       ///< "" with a param
};
static_assert(sizeof(PieceRecord) == 8);

} // namespace landlatch::object::format
