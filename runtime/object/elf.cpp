// SPDX-License-Identifier: Apache-2.0
// The section finder of elf.h. libelf would do it too, but this runs before any trust is earned and in a program that
// holds privileges, so it is small, copies every header it reads, and follows nothing but the three names it knows.
#include "runtime/object/elf.h"

#include "runtime/object/format.h"

#include <array>
#include <cstdint>
#include <cstring>
#include <elf.h>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace landlatch::object {
namespace {

#ifndef EM_BPF
#define EM_BPF 247
#endif

using Bytes = std::span<const std::byte>;

Error invalid(std::string message) { return Error{EINVAL, "not a policy object: " + std::move(message)}; }

/// `size` bytes at `offset`, when the file has them.
std::optional<Bytes> slice(Bytes file, std::uint64_t offset, std::uint64_t size) {
    if (offset > file.size() || size > file.size() - offset) {
        return std::nullopt;
    }
    return file.subspan(offset, size);
}

template <typename T> T copyOf(Bytes bytes) {
    T value;
    std::memcpy(&value, bytes.data(), sizeof(T));
    return value;
}

Result<Elf64_Ehdr> readElfHeader(Bytes file) {
    if (file.size() < sizeof(Elf64_Ehdr)) {
        return invalid("shorter than an ELF header");
    }
    const auto header = copyOf<Elf64_Ehdr>(file);
    if (std::memcmp(header.e_ident, ELFMAG, SELFMAG) != 0) {
        return invalid("not an ELF file");
    }
    if (header.e_ident[EI_CLASS] != ELFCLASS64 || header.e_ident[EI_DATA] != ELFDATA2LSB ||
        header.e_ident[EI_VERSION] != EV_CURRENT || header.e_version != EV_CURRENT) {
        return invalid("not a 64-bit little-endian ELF file");
    }
    if (header.e_type != ET_REL || header.e_machine != EM_BPF) {
        return invalid("an ELF file, but not a BPF relocatable");
    }
    if (header.e_ehsize != sizeof(Elf64_Ehdr) || header.e_shentsize != sizeof(Elf64_Shdr)) {
        return invalid("unexpected size of ELF headers");
    }
    // 0 with a table would mean "more than 65,279 sections, see entry 0": far above our limit.
    if (header.e_shnum == 0 || header.e_shnum > format::kMaxSections || header.e_shstrndx >= header.e_shnum) {
        return invalid("no usable section table");
    }
    return header;
}

Result<std::vector<Elf64_Shdr>> readSectionHeaders(Bytes file, const Elf64_Ehdr& header) {
    const auto table = slice(file, header.e_shoff, std::uint64_t{header.e_shnum} * sizeof(Elf64_Shdr));
    if (!table || header.e_shoff % alignof(Elf64_Shdr) != 0) {
        return invalid("section table outside the file");
    }
    std::vector<Elf64_Shdr> sections(header.e_shnum);
    std::memcpy(sections.data(), table->data(), table->size());
    return sections;
}

/// The NUL-terminated name at `offset` of the string section, or nothing where it isn't terminated.
std::optional<std::string_view> nameAt(std::string_view names, std::uint64_t offset) {
    if (offset >= names.size()) {
        return std::nullopt;
    }
    const std::size_t end = names.find('\0', offset);
    if (end == std::string_view::npos) {
        return std::nullopt;
    }
    return names.substr(offset, end - offset);
}

struct Wanted {
    std::string_view name;
    std::size_t min_bytes;
    std::optional<Bytes> found;
};

Result<Bytes> sectionBytes(Bytes file, const Elf64_Shdr& section, const Wanted& wanted) {
    const std::string name(wanted.name);
    if (section.sh_type != SHT_PROGBITS || (section.sh_flags & (SHF_COMPRESSED | SHF_WRITE | SHF_EXECINSTR)) != 0) {
        return invalid("section " + name + " has the wrong type or flags");
    }
    const auto bytes = slice(file, section.sh_offset, section.sh_size);
    if (!bytes) {
        return invalid("section " + name + " lies outside the file");
    }
    if (section.sh_size < wanted.min_bytes || section.sh_size % 4 != 0 || section.sh_offset % 4 != 0) {
        return invalid("section " + name + " has a wrong size or alignment");
    }
    return *bytes;
}

bool overlap(Bytes a, Bytes b) { return a.data() < b.data() + b.size() && b.data() < a.data() + a.size(); }

} // namespace

Result<Sections> findSections(Bytes file) {
    const auto header = readElfHeader(file);
    if (!header) {
        return header.error();
    }
    const auto sections = readSectionHeaders(file, *header);
    if (!sections) {
        return sections.error();
    }
    const Elf64_Shdr& names_section = (*sections)[header->e_shstrndx];
    const auto names_bytes = slice(file, names_section.sh_offset, names_section.sh_size);
    if (names_section.sh_type != SHT_STRTAB || !names_bytes) {
        return invalid("no usable section names");
    }
    const std::string_view names(reinterpret_cast<const char*>(names_bytes->data()), names_bytes->size());

    std::array<Wanted, 3> wanted = {{{format::kManifestSection, sizeof(format::Header), {}},
                                     {format::kRulesetsSection, sizeof(format::kRulesetsMagic), {}},
                                     {format::kTablesSection, 4, {}}}};
    for (const Elf64_Shdr& section : *sections) {
        const auto name = nameAt(names, section.sh_name);
        if (!name) {
            if (section.sh_type == SHT_NULL) {
                continue;
            }
            return invalid("a section without a name");
        }
        for (Wanted& one : wanted) {
            if (*name != one.name) {
                continue;
            }
            if (one.found) {
                return invalid("two sections " + std::string(one.name));
            }
            auto bytes = sectionBytes(file, section, one);
            if (!bytes) {
                return bytes.error();
            }
            one.found = *bytes;
        }
    }
    for (const Wanted& one : wanted) {
        if (!one.found) {
            return invalid("no section " + std::string(one.name));
        }
    }
    const Sections found{*wanted[0].found, *wanted[1].found, *wanted[2].found};
    if (overlap(found.manifest, found.rulesets) || overlap(found.manifest, found.tables) ||
        overlap(found.rulesets, found.tables)) {
        return invalid("sections overlap");
    }
    return found;
}

} // namespace landlatch::object
