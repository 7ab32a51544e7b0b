// SPDX-License-Identifier: Apache-2.0
// The reader against files that no compiler would write: cut, flipped, contradicting, greedy.
#include "tests/unit/object/helpers.h"

#include "runtime/object/seal.h"
#include "runtime/object/text.h"

#include <functional>
#include <random>

namespace landlatch::testing {
namespace {

using object::format::Header;

TEST(ObjectChecksum, HasThePublishedCheckValue) {
    EXPECT_EQ(object::crc32c(bytesOf("123456789")), 0xE3069283U);
    EXPECT_EQ(object::crc32cByTables(bytesOf("123456789")), 0xE3069283U);
    EXPECT_EQ(object::crc32c({}), 0U);
}

TEST(ObjectChecksum, IsTheSameByInstructionAndByTables) {
    std::mt19937 random(1);
    std::string bytes;
    for (int i = 0; i < 300; ++i) {
        for (std::size_t from = 0; from < 8 && from <= bytes.size(); ++from) {
            const auto part = bytesOf(bytes).subspan(from);
            EXPECT_EQ(object::crc32c(part), object::crc32cByTables(part)) << i << " from " << from;
        }
        bytes += static_cast<char>(random());
    }
}

TEST(ObjectSeal, EveryChangeAndEveryCutBreaksIt) {
    const std::string file = object::seal(std::string("programs\0and more", 17));
    EXPECT_TRUE(object::checkSeal(bytesOf(file)));
    for (std::size_t bit = 0; bit < file.size() * 8; ++bit) {
        std::string changed = file;
        changed[bit / 8] = static_cast<char>(changed[bit / 8] ^ (1 << bit % 8));
        EXPECT_FALSE(object::checkSeal(bytesOf(changed))) << bit;
    }
    for (std::size_t size = 0; size < file.size(); ++size) {
        EXPECT_FALSE(object::checkSeal(bytesOf(file.substr(0, size)))) << size;
    }
    EXPECT_FALSE(object::checkSeal(bytesOf(file + " ")));
}

TEST(ObjectText, OnlyPlainUtf8) {
    for (const char* good : {"", "a b\t", "größe", "日本", "\xF4\x8F\xBF\xBF"}) {
        EXPECT_TRUE(object::isPlainText(good)) << good;
    }
    for (const char* bad : {"\x01", "\x7F", "\xC2\x85", "\xC0\xAF", "\xED\xA0\x80", "\xF4\x90\x80\x80", "\x80",
                            "\xE3\x81", "\xFF", "\x1B[31m", "\xE2\x80\xAE", "\xE2\x81\xA6"}) {
        EXPECT_FALSE(object::isPlainText(bad));
    }
    EXPECT_FALSE(object::isPlainText(std::string_view("a\0b", 3)));
}

TEST(ObjectText, CanonicalPaths) {
    for (const char* good : {"/", "/a", "/a/b.c", "/..a", "/a..", "/.a"}) {
        EXPECT_TRUE(object::isCanonicalPath(good)) << good;
    }
    for (const char* bad : {"", "a", "/a/", "//", "//a", "/a//b", "/.", "/..", "/a/../b", "/a/."}) {
        EXPECT_FALSE(object::isCanonicalPath(bad)) << bad;
    }
}

TEST(ObjectRead, TakesWhatTheWriterMakes) {
    const object::Policy policy = samplePolicy();
    const auto read = readElf(elfOf(sectionsOf(policy)));
    ASSERT_TRUE(read) << read.error().message;
    EXPECT_EQ(*read, policy);
}

TEST(ObjectRead, EveryPrefixIsRefused) {
    const std::string file = elfOf(sectionsOf(samplePolicy()));
    for (std::size_t size = 0; size < file.size(); ++size) {
        // A copy of just that size, so that a sanitizer sees a read behind it.
        const std::vector<char> prefix(file.begin(), file.begin() + static_cast<std::ptrdiff_t>(size));
        EXPECT_FALSE(object::read(std::as_bytes(std::span(prefix)))) << size;
    }
}

TEST(ObjectRead, EveryFlippedBitIsRefusedOrWithoutEffect) {
    const object::Policy policy = samplePolicy();
    const std::string file = elfOf(sectionsOf(policy));
    std::size_t refused = 0;
    for (std::size_t bit = 0; bit < file.size() * 8; ++bit) {
        std::string flipped = file;
        flipped[bit / 8] = static_cast<char>(flipped[bit / 8] ^ (1 << (bit % 8)));
        const auto read = readElf(flipped);
        if (!read) {
            ++refused;
        } else {
            EXPECT_EQ(*read, policy) << "bit " << bit;
        }
    }
    // All but ELF fields that the reader has no use for.
    EXPECT_GT(refused, file.size() * 8 / 2);
}

TEST(ObjectRead, EveryFlippedBitWithGoodChecksumsDoesNoHarm) {
    const backend_landlock::SectionBytes good = sectionsOf(samplePolicy());
    for (auto member : {&backend_landlock::SectionBytes::manifest, &backend_landlock::SectionBytes::rulesets}) {
        for (std::size_t bit = 0; bit < (good.*member).size() * 8; ++bit) {
            backend_landlock::SectionBytes sections = good;
            char& byte = (sections.*member)[bit / 8];
            byte = static_cast<char>(byte ^ (1 << (bit % 8)));
            fixChecksums(sections);
            const auto read = readElf(elfOf(sections));
            if (read) {
                // Accepted: then it is another policy that is as valid, and it can be written again.
                EXPECT_TRUE(backend_landlock::write(*read)) << "bit " << bit;
            }
        }
    }
}

TEST(ObjectRead, WordsOfTheManifestSetToExtremes) {
    const backend_landlock::SectionBytes good = sectionsOf(samplePolicy());
    for (auto member : {&backend_landlock::SectionBytes::manifest, &backend_landlock::SectionBytes::rulesets}) {
        for (std::size_t at = 0; at + 4 <= (good.*member).size(); at += 4) {
            for (const std::uint32_t value : {0U, 1U, 0x7FFFFFFFU, 0x80000000U, 0xFFFFFFFFU, 0x10000U}) {
                backend_landlock::SectionBytes sections = good;
                std::memcpy((sections.*member).data() + at, &value, 4);
                fixChecksums(sections);
                const auto read = readElf(elfOf(sections));
                if (read) {
                    EXPECT_TRUE(backend_landlock::write(*read)) << at;
                }
            }
        }
    }
}

TEST(ObjectRead, NewerFormatSaysSo) {
    backend_landlock::SectionBytes sections = sectionsOf(samplePolicy());
    const std::uint32_t version = object::format::kVersion + 1;
    std::memcpy(sections.manifest.data() + offsetof(Header, version), &version, 4);
    const auto read = readElf(elfOf(sections)); // its checksum may mean something else: not looked at
    ASSERT_FALSE(read);
    EXPECT_EQ(read.error().code, ENOTSUP);
    EXPECT_EQ(read.error().message, "the policy object has format 2, this program reads up to 1: use a newer landlatch "
                                    "or compile the policy again");
}

TEST(ObjectRead, NewerAbiSaysSo) {
    backend_landlock::SectionBytes sections = sectionsOf(samplePolicy());
    const std::uint32_t abi = abi::kLatest + 1;
    std::memcpy(sections.manifest.data() + offsetof(Header, abi), &abi, 4);
    fixChecksums(sections);
    const auto read = readElf(elfOf(sections));
    ASSERT_FALSE(read);
    EXPECT_EQ(read.error().code, ENOTSUP);
}

/// What the reader says to a policy that the writer was asked to make after `damage`.
std::string refusal(const std::function<void(object::Policy&)>& damage) {
    object::Policy policy = samplePolicy();
    damage(policy);
    const auto sections = backend_landlock::write(policy);
    return sections ? "accepted" : sections.error().message.substr(sections.error().message.find(": ") + 2);
}

TEST(ObjectRead, RefusesPoliciesThatContradictThemselves) {
    using P = object::Policy;
    const std::string damaged = "damaged policy object: ";
    const std::string first = "ruleset 0: ";
    EXPECT_EQ(refusal([](P&) {}), "accepted");
    EXPECT_EQ(refusal([](P& p) { p.rules[0].effect = 3; }), damaged + "a rule of unknown effect or flags");
    EXPECT_EQ(refusal([](P& p) { p.effects[0].rulesets = {0, 2}; }),
              damaged + "an effect whose rulesets are unknown or out of order");
    EXPECT_EQ(refusal([](P& p) { p.effects[0].rulesets = {1, 0}; }),
              damaged + "an effect whose rulesets are unknown or out of order");
    EXPECT_EQ(refusal([](P& p) { p.effects[0].rulesets = {1, 1}; }),
              damaged + "an effect whose rulesets are unknown or out of order");
    EXPECT_EQ(refusal([](P& p) { p.effects[0].rulesets.clear(); }),
              damaged + "an effect with parts that its kind doesn't have");
    EXPECT_EQ(refusal([](P& p) { p.effects[2].why = "x"; }),
              damaged + "an effect with parts that its kind doesn't have");
    EXPECT_EQ(refusal([](P& p) { p.effects[1].nnp = true; }),
              damaged + "an effect with parts that its kind doesn't have");
    EXPECT_EQ(refusal([](P& p) { p.always_rulesets = {2}; }),
              damaged + "always-rulesets that are unknown or said twice");
    EXPECT_EQ(refusal([](P& p) { p.always_rulesets = {0, 0}; }),
              damaged + "always-rulesets that are unknown or said twice");
    EXPECT_EQ(refusal([](P& p) { p.groups.assign(65, p.groups[0]); }),
              damaged + "more always-rulesets or groups than a decision has bits");
    EXPECT_EQ(refusal([](P& p) { p.floor = 8; }), damaged + "Landlock ABIs that contradict each other");
    EXPECT_EQ(refusal([](P& p) { p.floor = 0; }), damaged + "Landlock ABIs that contradict each other");
    EXPECT_EQ(refusal([](P& p) { p.leaving_net = 4; }), damaged + "`leaving` names rights that the ABI doesn't have");
    EXPECT_EQ(refusal([](P& p) { p.params[1].name = "state"; }), damaged + "two params of one name");
    EXPECT_EQ(refusal([](P& p) { p.params[0].default_path = "/a/../b"; }),
              damaged + "a param's default isn't a canonical path");
    EXPECT_EQ(refusal([](P& p) { p.params[1].type = object::ParamType::kPort; }),
              damaged + "a param's default isn't the one port or the ports it must be");
    EXPECT_EQ(refusal([](P& p) { p.params[1].default_ports->front() = {81, 80}; }),
              damaged + "a param has a reversed range of ports");
    EXPECT_EQ(refusal([](P& p) { p.users[0].name.clear(); }),
              damaged + "a user or group without a name or with unknown flags");
    EXPECT_EQ(refusal([](P& p) { p.effects[1].why = "\x1B[2J"; }), damaged + "a string isn't plain UTF-8");
    EXPECT_EQ(refusal([](P& p) { p.effects[1].why.assign(65536, 'x'); }), damaged + "a string is too long");
    EXPECT_EQ(refusal([](P& p) { p.rulesets[0].handled_fs |= 1U << 16U; }), first + "rights that ABI 7 doesn't have");
    EXPECT_EQ(refusal([](P& p) { p.rulesets[0].left_fs = 1; }), first + "rights both handled and left");
    EXPECT_EQ(refusal([](P& p) { p.rulesets[0].abi = 12; }),
              first + "Landlock ABI 12 is newer than this program knows (11)");
    EXPECT_EQ(refusal([](P& p) { p.rulesets[0].quiet_scopes = 4; }), first + "scopes that aren't handled");
    EXPECT_EQ(refusal([](P& p) { p.rulesets[0].log_flags = 8; }), first + "unknown flags");
    EXPECT_EQ(refusal([](P& p) { p.rulesets[0].paths[2].access = 8; }),
              first + "a path with rights that its ruleset or its kind can't give");
    EXPECT_EQ(refusal([](P& p) { p.rulesets[0].paths[0].access = 0; }),
              first + "a path with rights that its ruleset or its kind can't give");
    EXPECT_EQ(refusal([](P& p) { p.rulesets[0].paths[0].path[0].text = "usr"; }), first + "a path that isn't absolute");
    EXPECT_EQ(refusal([](P& p) { p.rulesets[0].paths[0].path.clear(); }), first + "a path without pieces");
    EXPECT_EQ(refusal([](P& p) { p.rulesets[0].paths[2].path[0].param = 1; }),
              first + "a piece of a path that is no path param");
    EXPECT_EQ(refusal([](P& p) { p.rulesets[0].paths[2].path[0].param = 2; }),
              first + "a piece of a path that is no path param");
    EXPECT_EQ(refusal([](P& p) { p.rulesets[0].paths[2].except = {{{std::nullopt, "/x"}}}; }),
              first + "exceptions of a file");
    EXPECT_EQ(refusal([](P& p) { p.rulesets[0].ports[1].ports = 0U; }), first + "ports that are no param of ports");
    EXPECT_EQ(refusal([](P& p) { p.rulesets[0].ports[0].ports = object::PortRange{2, 1}; }),
              first + "a reversed range of ports");
    EXPECT_EQ(refusal([](P& p) { p.rulesets[0].ports[0].access = 4; }),
              first + "ports with rights that the ruleset doesn't handle");
    EXPECT_EQ(refusal([](P& p) { p.tables.clear(); }), damaged + "no match tables");
}

TEST(ObjectRead, ASmallFileCannotAskForMuchMemory) {
    // One string of 64 KiB that 5,000 rules have as their name: 330 MB if it were believed.
    constexpr std::uint32_t kMarker = 77777777;
    object::Policy policy = samplePolicy();
    policy.rules.assign(5000, {"", "app.ll", kMarker, 0, false, false});
    policy.rules[0].name = std::string(65535, 'x');
    backend_landlock::SectionBytes sections = sectionsOf(policy);
    const std::string marker(reinterpret_cast<const char*>(&kMarker), sizeof(kMarker));
    const std::size_t first = sections.manifest.find(marker) - offsetof(object::format::RuleRecord, line);
    const std::string name = sections.manifest.substr(first, sizeof(std::uint32_t));
    for (std::size_t i = 1; i < policy.rules.size(); ++i) {
        sections.manifest.replace(first + i * sizeof(object::format::RuleRecord), name.size(), name);
    }
    fixChecksums(sections);
    const auto read = readElf(elfOf(sections));
    ASSERT_FALSE(read);
    EXPECT_EQ(read.error().code, EFBIG);
}

TEST(ObjectRead, SharedContentIsPaidForEachTime) {
    object::Policy policy = samplePolicy();
    object::Ruleset fat = policy.rulesets[0];
    fat.paths.assign(5000, fat.paths[0]);
    policy.rulesets.insert(policy.rulesets.end(), 300, fat);
    const auto sections = backend_landlock::write(policy);
    ASSERT_FALSE(sections);
    EXPECT_EQ(sections.error().code, EFBIG);
}

} // namespace
} // namespace landlatch::testing
