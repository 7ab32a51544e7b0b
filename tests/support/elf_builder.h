// SPDX-License-Identifier: Apache-2.0
// The smallest ELF file that the object reader takes, for tests that have no LLVM.
#pragma once

#include <cstdint>
#include <cstring>
#include <elf.h>
#include <string>
#include <vector>

namespace landlatch::testing {

struct ElfSection {
    std::string name;
    std::string bytes;
    std::uint32_t type = SHT_PROGBITS;
    std::uint64_t flags = 0;
};

/// Header, contents (each aligned to 8), section names, section table: in this order.
inline std::string buildElf(const std::vector<ElfSection>& sections) {
    std::string names(1, '\0');
    std::vector<Elf64_Shdr> table(1);
    std::string file(sizeof(Elf64_Ehdr), '\0');
    const auto add = [&](const ElfSection& section) {
        file.append((8 - file.size() % 8) % 8, '\0');
        Elf64_Shdr header{};
        header.sh_name = static_cast<std::uint32_t>(names.size());
        header.sh_type = section.type;
        header.sh_flags = section.flags;
        header.sh_offset = file.size();
        header.sh_size = section.bytes.size();
        header.sh_addralign = 8;
        names += section.name + '\0';
        file += section.bytes;
        table.push_back(header);
    };
    for (const ElfSection& section : sections) {
        add(section);
    }
    add({".strtab", "", SHT_STRTAB, 0});
    table.back().sh_offset = file.size();
    table.back().sh_size = names.size();
    file += names;
    file.append((8 - file.size() % 8) % 8, '\0');

    Elf64_Ehdr header{};
    std::memcpy(header.e_ident, ELFMAG, SELFMAG);
    header.e_ident[EI_CLASS] = ELFCLASS64;
    header.e_ident[EI_DATA] = ELFDATA2LSB;
    header.e_ident[EI_VERSION] = EV_CURRENT;
    header.e_type = ET_REL;
    header.e_machine = 247; // EM_BPF
    header.e_version = EV_CURRENT;
    header.e_shoff = file.size();
    header.e_ehsize = sizeof(Elf64_Ehdr);
    header.e_shentsize = sizeof(Elf64_Shdr);
    header.e_shnum = static_cast<std::uint16_t>(table.size());
    header.e_shstrndx = static_cast<std::uint16_t>(table.size() - 1);
    std::memcpy(file.data(), &header, sizeof(header));
    file.append(reinterpret_cast<const char*>(table.data()), table.size() * sizeof(Elf64_Shdr));
    return file;
}

} // namespace landlatch::testing
