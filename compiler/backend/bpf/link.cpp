// SPDX-License-Identifier: Apache-2.0
#include "compiler/backend/bpf/link.h"

#include "bpf-templates/policy.h"
#include "runtime/object/format.h"

#include <cstring>
#include <elf.h>
#include <optional>
#include <vector>

namespace landlatch::backend_bpf {
namespace {

#ifndef EM_BPF
#define EM_BPF 247
#endif

Error unfit(std::string why) { return Error{EINVAL, "the gate object " + std::move(why)}; }

/// The ELF file being linked. Offsets are checked against its length whenever they are used.
class File {
public:
    explicit File(std::string_view bytes) : bytes_(bytes) {}

    template <typename T> [[nodiscard]] std::optional<T> read(std::uint64_t offset) const {
        T value;
        if (offset > bytes_.size() || bytes_.size() - offset < sizeof value) {
            return std::nullopt;
        }
        std::memcpy(&value, bytes_.data() + offset, sizeof value);
        return value;
    }
    /// At an offset that was read before.
    template <typename T> void write(std::uint64_t offset, const T& value) {
        std::memcpy(bytes_.data() + offset, &value, sizeof value);
    }
    /// Puts bytes behind all others, aligned for 64-bit words. Returns where.
    std::uint64_t append(std::string_view bytes) {
        bytes_.resize((bytes_.size() + 7) / 8 * 8);
        bytes_.append(bytes);
        return bytes_.size() - bytes.size();
    }
    [[nodiscard]] std::string take() && { return std::move(bytes_); }

private:
    std::string bytes_;
};

struct Section {
    std::uint64_t header_at = 0;
    Elf64_Shdr header{};
    std::string_view name; ///< in the gate's bytes, which stay as they are
};

Result<std::vector<Section>> readSections(const File& file, std::string_view gate) {
    const auto header = file.read<Elf64_Ehdr>(0);
    if (!header || std::memcmp(header->e_ident, ELFMAG, SELFMAG) != 0 || header->e_ident[EI_CLASS] != ELFCLASS64 ||
        header->e_machine != EM_BPF || header->e_type != ET_REL || header->e_shentsize != sizeof(Elf64_Shdr)) {
        return unfit("is no 64-bit BPF relocatable");
    }
    std::vector<Section> sections;
    for (std::size_t i = 0; i < header->e_shnum; ++i) {
        const std::uint64_t at = header->e_shoff + i * sizeof(Elf64_Shdr);
        const auto section = file.read<Elf64_Shdr>(at);
        if (!section || (section->sh_type != SHT_NOBITS &&
                         (section->sh_offset > gate.size() || gate.size() - section->sh_offset < section->sh_size))) {
            return unfit("is cut off");
        }
        sections.push_back({at, *section, {}});
    }
    if (header->e_shstrndx >= sections.size()) {
        return unfit("has no section names");
    }
    for (Section& section : sections) {
        const std::uint64_t at = sections[header->e_shstrndx].header.sh_offset + section.header.sh_name;
        section.name = at < gate.size() ? gate.substr(at, gate.find('\0', at) - at) : std::string_view();
    }
    return sections;
}

/// Makes `content` what section `name` holds. Returns the section's index.
Result<std::size_t> fill(File& file, std::vector<Section>& sections, std::string_view name, std::string_view content) {
    for (std::size_t i = 0; i < sections.size(); ++i) {
        if (sections[i].name != name) {
            continue;
        }
        sections[i].header.sh_offset = file.append(content);
        sections[i].header.sh_size = content.size();
        sections[i].header.sh_addralign = 8;
        file.write(sections[i].header_at, sections[i].header);
        return i;
    }
    return unfit("has no section " + std::string(name) + ": a template has to include policy.h");
}

/// Gives the symbol that names the tables their size.
void sizeSymbol(File& file, const std::vector<Section>& sections, std::size_t index, std::uint64_t size) {
    for (const Section& section : sections) {
        if (section.header.sh_type != SHT_SYMTAB) {
            continue;
        }
        for (std::uint64_t at = 0; at + sizeof(Elf64_Sym) <= section.header.sh_size; at += sizeof(Elf64_Sym)) {
            auto symbol = *file.read<Elf64_Sym>(section.header.sh_offset + at);
            if (symbol.st_shndx == index && ELF64_ST_TYPE(symbol.st_info) == STT_OBJECT) {
                symbol.st_size = size;
                file.write(section.header.sh_offset + at, symbol);
            }
        }
    }
}

/// The length of the tables in words, where the programs compare with it.
bool fillLengths(File& file, const std::vector<Section>& sections, std::uint32_t words) {
    struct Instruction { // struct bpf_insn
        std::uint8_t code, registers;
        std::int16_t offset;
        std::uint32_t value;
    };
    constexpr std::uint8_t kMove32 = 0xb4; // BPF_ALU | BPF_MOV | BPF_K
    bool found = false;
    for (const Section& section : sections) {
        if ((section.header.sh_flags & SHF_EXECINSTR) == 0) {
            continue;
        }
        for (std::uint64_t at = 0; at + sizeof(Instruction) <= section.header.sh_size; at += sizeof(Instruction)) {
            auto instruction = *file.read<Instruction>(section.header.sh_offset + at);
            const std::uint32_t less = LL_TABLE_LENGTH_MARK - instruction.value;
            if (instruction.code == kMove32 && less <= LL_TABLE_LENGTH_LESS) {
                instruction.value = words - less;
                file.write(section.header.sh_offset + at, instruction);
                found = true;
            }
        }
    }
    return found;
}

} // namespace

Result<std::string> link(std::string_view gate, const Parts& parts) {
    File file(gate);
    auto sections = readSections(file, gate);
    if (!sections) {
        return sections.error();
    }
    if (!fillLengths(file, *sections, static_cast<std::uint32_t>(parts.tables.size()))) {
        return unfit("never reads the policy's tables");
    }
    const std::string_view tables(reinterpret_cast<const char*>(parts.tables.data()), parts.tables.size_bytes());
    const auto index = fill(file, *sections, object::format::kTablesSection, tables);
    if (!index) {
        return index.error();
    }
    sizeSymbol(file, *sections, *index, tables.size());
    for (const auto& [name, content] : {std::pair{object::format::kManifestSection, parts.manifest},
                                        std::pair{object::format::kRulesetsSection, parts.rulesets}}) {
        if (auto filled = fill(file, *sections, name, content); !filled) {
            return filled.error();
        }
    }
    return std::move(file).take();
}

} // namespace landlatch::backend_bpf
