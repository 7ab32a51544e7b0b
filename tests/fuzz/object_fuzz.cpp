// SPDX-License-Identifier: Apache-2.0
// The object reader, and whatever it accepts through the matcher: a hostile object gives an error or a decision, never
// a wild read or a loop without end. Each input is read as it is, then once more with sizes and checksums made right,
// since no mutation hits those by chance.
#include "runtime/match/matcher.h"
#include "runtime/object/checksum.h"
#include "runtime/object/format.h"
#include "runtime/object/read.h"

#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <span>
#include <vector>

using namespace landlatch;

namespace {

class AnyIds final : public match::IdLookup {
public:
    Result<std::optional<std::uint32_t>> user(const std::string& name) const override { return number(name); }
    Result<std::optional<std::uint32_t>> group(const std::string& name) const override { return number(name); }

private:
    static std::optional<std::uint32_t> number(const std::string& name) {
        return static_cast<std::uint32_t>(std::hash<std::string>{}(name));
    }
};

void decide(const object::Policy& policy) {
    Result<match::IdResolution> ids = match::resolveIds(policy, AnyIds());
    if (!ids) {
        return;
    }
    const Result<match::Matcher> matcher = match::Matcher::create(policy, *std::move(ids));
    if (!matcher) {
        return;
    }
    match::ExecFacts facts;
    (void)matcher->decide(facts);
    facts.exec = "/usr/bin/python3.11";
    facts.script = {match::Script::Kind::kPath, "/srv/app/x.py"};
    facts.cgroup = "/system.slice/web@1.service";
    facts.euid = 33;
    facts.lineage = matcher->after(matcher->begin("/bin/sh"), "/usr/bin/make");
    const match::Decision decision = matcher->decide(facts);
    for (const std::uint32_t ruleset : decision.enforced.rulesets) {
        if (ruleset >= policy.rulesets.size()) {
            std::abort();
        }
    }
}

/// Reads the sections with a header that fits them, and the matcher with what comes out.
void readRepaired(object::Sections sections) {
    if (sections.manifest.size() < sizeof(object::format::Header)) {
        return;
    }
    std::vector<std::byte> manifest(sections.manifest.begin(), sections.manifest.end());
    object::format::Header header{};
    std::memcpy(&header, manifest.data(), sizeof(header));
    header.magic = object::format::kMagic;
    header.version = object::format::kVersion;
    header.rulesets_bytes = static_cast<std::uint32_t>(sections.rulesets.size());
    header.rulesets_checksum = object::crc32c(sections.rulesets);
    header.tables_words = static_cast<std::uint32_t>(sections.tables.size() / 4);
    header.tables_checksum = object::crc32c(sections.tables);
    std::memcpy(manifest.data(), &header, sizeof(header));
    header.checksum = object::crc32c(std::span<const std::byte>(manifest).subspan(object::format::kChecksumEnd));
    std::memcpy(manifest.data(), &header, sizeof(header));
    sections.manifest = manifest;
    if (const Result<object::Policy> policy = object::readSections(sections)) {
        decide(*policy);
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto bytes = std::as_bytes(std::span(data, size));
    if (const Result<object::Policy> policy = object::read(bytes)) {
        decide(*policy);
    }
    if (const Result<object::Sections> sections = object::findSections(bytes)) {
        readRepaired(*sections);
    }
    return 0;
}
