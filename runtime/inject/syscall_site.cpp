// SPDX-License-Identifier: Apache-2.0
#include "runtime/inject/syscall_site.h"

#include <algorithm>
#include <elf.h>
#include <sys/auxv.h>

namespace landlatch::inject {

std::optional<std::uint64_t> findSyscall(std::span<const unsigned char> image) {
    static constexpr unsigned char kSyscall[] = {0x0f, 0x05};
    const auto found = std::search(image.begin(), image.end(), std::begin(kSyscall), std::end(kSyscall));
    if (found == image.end()) {
        return std::nullopt;
    }
    return static_cast<std::uint64_t>(found - image.begin());
}

std::optional<std::uint64_t> vdsoSyscallOffset() {
    const auto base = ::getauxval(AT_SYSINFO_EHDR);
    if (base == 0) {
        return std::nullopt;
    }
    const auto* header = reinterpret_cast<const Elf64_Ehdr*>(base);
    const auto* segments = reinterpret_cast<const Elf64_Phdr*>(base + header->e_phoff);
    for (unsigned i = 0; i < header->e_phnum; ++i) {
        const Elf64_Phdr& segment = segments[i];
        if (segment.p_type != PT_LOAD || (segment.p_flags & PF_X) == 0) {
            continue;
        }
        // The vDSO is linked at 0 and mapped as it lies in its file.
        const auto* code = reinterpret_cast<const unsigned char*>(base + segment.p_offset);
        if (const auto offset = findSyscall({code, segment.p_filesz})) {
            return segment.p_offset + *offset;
        }
    }
    return std::nullopt;
}

} // namespace landlatch::inject
