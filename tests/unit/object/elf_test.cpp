// SPDX-License-Identifier: Apache-2.0
// The section finder against ELF files made to mislead it, and the reading of files.
#include "tests/unit/object/helpers.h"

#include "runtime/base/unique_fd.h"

#include <cstdlib>
#include <fcntl.h>
#include <functional>
#include <sys/stat.h>

namespace landlatch::testing {
namespace {

std::string refusal(const std::string& file) {
    const auto read = readElf(file);
    return read ? "accepted" : read.error().message;
}

/// The sample's file with its ELF header changed.
std::string withHeader(const std::function<void(Elf64_Ehdr&)>& change) {
    std::string file = elfOf(sectionsOf(samplePolicy()));
    Elf64_Ehdr header;
    std::memcpy(&header, file.data(), sizeof(header));
    change(header);
    std::memcpy(file.data(), &header, sizeof(header));
    return file;
}

/// The sample's file with the header of section `index` changed: 1 .text, 2 tables, 3 manifest, 4 rulesets, 5 names.
std::string withSection(std::size_t index, const std::function<void(Elf64_Shdr&)>& change) {
    std::string file = elfOf(sectionsOf(samplePolicy()));
    Elf64_Ehdr header;
    std::memcpy(&header, file.data(), sizeof(header));
    Elf64_Shdr section;
    char* place = file.data() + header.e_shoff + index * sizeof(section);
    std::memcpy(&section, place, sizeof(section));
    change(section);
    std::memcpy(place, &section, sizeof(section));
    return file;
}

TEST(ObjectElf, HeadersThatMislead) {
    const std::string prefix = "not a policy object: ";
    EXPECT_EQ(refusal(""), prefix + "shorter than an ELF header");
    EXPECT_EQ(refusal(std::string(64, 'x')), prefix + "not an ELF file");
    EXPECT_EQ(refusal(withHeader([](auto& h) { h.e_ident[EI_CLASS] = ELFCLASS32; })),
              prefix + "not a 64-bit little-endian ELF file");
    EXPECT_EQ(refusal(withHeader([](auto& h) { h.e_ident[EI_DATA] = ELFDATA2MSB; })),
              prefix + "not a 64-bit little-endian ELF file");
    EXPECT_EQ(refusal(withHeader([](auto& h) { h.e_machine = EM_X86_64; })),
              prefix + "an ELF file, but not a BPF relocatable");
    EXPECT_EQ(refusal(withHeader([](auto& h) { h.e_type = ET_EXEC; })),
              prefix + "an ELF file, but not a BPF relocatable");
    EXPECT_EQ(refusal(withHeader([](auto& h) { h.e_shentsize = 63; })), prefix + "unexpected size of ELF headers");
    EXPECT_EQ(refusal(withHeader([](auto& h) { h.e_shnum = 0; })), prefix + "no usable section table");
    EXPECT_EQ(refusal(withHeader([](auto& h) { h.e_shnum = 5000; })), prefix + "no usable section table");
    EXPECT_EQ(refusal(withHeader([](auto& h) { h.e_shstrndx = 6; })), prefix + "no usable section table");
    EXPECT_EQ(refusal(withHeader([](auto& h) { h.e_shoff = ~std::uint64_t{0} - 7; })),
              prefix + "section table outside the file");
    EXPECT_EQ(refusal(withHeader([](auto& h) { h.e_shoff += 8; })), prefix + "section table outside the file");
}

TEST(ObjectElf, SectionsThatMislead) {
    const std::string prefix = "not a policy object: ";
    const std::string manifest = prefix + "section .landlock.manifest ";
    EXPECT_EQ(refusal(withSection(3, [](auto& s) { s.sh_offset = ~std::uint64_t{0}; })),
              manifest + "lies outside the file");
    EXPECT_EQ(refusal(withSection(3, [](auto& s) { s.sh_size = ~std::uint64_t{0} - s.sh_offset + 2; })),
              manifest + "lies outside the file");
    EXPECT_EQ(refusal(withSection(3, [](auto& s) { s.sh_type = SHT_NOBITS; })),
              manifest + "has the wrong type or flags");
    EXPECT_EQ(refusal(withSection(3, [](auto& s) { s.sh_flags |= SHF_COMPRESSED; })),
              manifest + "has the wrong type or flags");
    EXPECT_EQ(refusal(withSection(3, [](auto& s) { s.sh_size = 8; })), manifest + "has a wrong size or alignment");
    EXPECT_EQ(refusal(withSection(3, [](auto& s) { s.sh_offset += 2; })), manifest + "has a wrong size or alignment");
    EXPECT_EQ(refusal(withSection(2, [](auto& s) { s.sh_size = 0; })),
              prefix + "section .rodata.landlatch has a wrong size or alignment");
    EXPECT_EQ(refusal(withSection(2, [](auto& s) { s.sh_flags |= SHF_WRITE; })),
              prefix + "section .rodata.landlatch has the wrong type or flags");
    EXPECT_EQ(refusal(withSection(5, [](auto& s) { s.sh_type = SHT_PROGBITS; })), prefix + "no usable section names");
    EXPECT_EQ(refusal(withSection(5, [](auto& s) { s.sh_offset = 1U << 30U; })), prefix + "no usable section names");
    EXPECT_EQ(refusal(withSection(1, [](auto& s) { s.sh_name = 1U << 30U; })), prefix + "a section without a name");
    EXPECT_EQ(refusal(withSection(3, [](auto& s) { s.sh_name += 1; })), prefix + "no section .landlock.manifest");
    // The last name loses its NUL.
    EXPECT_EQ(refusal(withSection(5, [](auto& s) { s.sh_size -= 1; })), prefix + "a section without a name");
}

TEST(ObjectElf, SectionsTwiceOrOnTopOfEachOther) {
    const auto sections = sectionsOf(samplePolicy());
    const ElfSection manifest{".landlock.manifest", sections.manifest};
    const ElfSection rulesets{".landlock.rulesets", sections.rulesets};
    const ElfSection tables{".rodata.landlatch", sections.tables, SHT_PROGBITS, SHF_ALLOC};
    EXPECT_EQ(refusal(buildElf({manifest, rulesets, tables})), "accepted");
    EXPECT_EQ(refusal(buildElf({manifest, rulesets, tables, manifest})),
              "not a policy object: two sections .landlock.manifest");
    EXPECT_EQ(refusal(buildElf({manifest, rulesets})), "not a policy object: no section .rodata.landlatch");
    const std::string overlapping = withSection(4, [](auto& s) { s.sh_offset -= 8; });
    EXPECT_EQ(refusal(overlapping), "not a policy object: sections overlap");
}

class ObjectFile : public ::testing::Test {
protected:
    void SetUp() override {
        std::string name = ::testing::TempDir() + "landlatch-object-XXXXXX";
        ASSERT_NE(::mkdtemp(name.data()), nullptr);
        folder_ = name;
    }
    void TearDown() override {
        ::unlink(path("a.o").c_str());
        ::unlink(path("fifo").c_str());
        ::rmdir(folder_.c_str());
    }
    std::string path(const std::string& name) const { return folder_ + "/" + name; }
    void put(const std::string& name, const std::string& bytes) const {
        const UniqueFd fd(::open(path(name).c_str(), O_CREAT | O_WRONLY | O_CLOEXEC, 0600));
        ASSERT_TRUE(fd);
        ASSERT_EQ(::write(fd.get(), bytes.data(), bytes.size()), static_cast<ssize_t>(bytes.size()));
    }

    std::string folder_;
};

TEST_F(ObjectFile, ReadsARegularFile) {
    put("a.o", elfOf(sectionsOf(samplePolicy())));
    const auto read = object::readFile(path("a.o"));
    ASSERT_TRUE(read) << read.error().message;
    EXPECT_EQ(*read, samplePolicy());
}

TEST_F(ObjectFile, RefusesWhatIsNoRegularFileOfSensibleSize) {
    const auto missing = object::readFile(path("a.o"));
    ASSERT_FALSE(missing);
    EXPECT_EQ(missing.error().code, ENOENT);
    EXPECT_NE(missing.error().message.find("a.o: "), std::string::npos);

    ASSERT_EQ(::mkfifo(path("fifo").c_str(), 0600), 0);
    const auto fifo = object::readFile(path("fifo")); // must not wait for a writer
    ASSERT_FALSE(fifo);
    EXPECT_NE(fifo.error().message.find("not a regular file"), std::string::npos);
    EXPECT_FALSE(object::readFile(folder_));
    EXPECT_FALSE(object::readFile("/dev/zero"));
    EXPECT_FALSE(object::readFile("/proc/self/maps")); // says it has 0 bytes and has more

    put("a.o", "");
    ASSERT_EQ(::truncate(path("a.o").c_str(), static_cast<off_t>(object::format::kMaxFileBytes) + 1), 0);
    const auto huge = object::readFile(path("a.o"));
    ASSERT_FALSE(huge);
    EXPECT_EQ(huge.error().code, EFBIG);
}

} // namespace
} // namespace landlatch::testing
