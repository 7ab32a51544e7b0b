// SPDX-License-Identifier: Apache-2.0
// spoil OBJECT WORD VALUE: prints the object with one word of its match tables changed and every checksum made right
// again: damage that only the structure of the tables shows. WORD `version`: the format's version instead.
#include "runtime/object/checksum.h"
#include "runtime/object/elf.h"
#include "runtime/object/format.h"
#include "runtime/object/seal.h"

#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iostream>
#include <iterator>
#include <string>
#include <string_view>

using namespace landlatch;

int main(int argc, char** argv) {
    if (argc != 4) {
        return 2;
    }
    std::ifstream in(argv[1], std::ios::binary);
    std::string file((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
    if (!object::checkSeal(std::as_bytes(std::span(file)))) {
        std::cerr << "spoil: not a sealed object\n";
        return 1;
    }
    file.resize(file.size() - 16);
    const auto bytes = std::as_bytes(std::span(file));
    const Result<object::Sections> sections = object::findSections(bytes);
    const bool version = std::string_view(argv[2]) == "version";
    const auto word = static_cast<std::size_t>(std::atol(argv[2]));
    if (!sections || word * 4 + 4 > sections->tables.size()) {
        std::cerr << "spoil: no such word\n";
        return 1;
    }
    const auto put = [&](std::span<const std::byte> where, std::size_t offset, std::uint32_t value) {
        std::memcpy(file.data() + (where.data() - bytes.data()) + offset, &value, sizeof value);
    };
    const auto value = static_cast<std::uint32_t>(std::strtoul(argv[3], nullptr, 0));
    put(version ? sections->manifest : sections->tables, version ? offsetof(object::format::Header, version) : word * 4,
        value);
    put(sections->manifest, offsetof(object::format::Header, tables_checksum), object::crc32c(sections->tables));
    put(sections->manifest, offsetof(object::format::Header, checksum),
        object::crc32c(sections->manifest.subspan(object::format::kChecksumEnd)));
    std::cout << object::seal(std::move(file));
    return 0;
}
