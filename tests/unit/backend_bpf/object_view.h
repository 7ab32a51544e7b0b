// SPDX-License-Identifier: Apache-2.0
// An object file as tests look at it: sections, BTF and CO-RE relocations, through libelf-free code and libbpf.
#pragma once

#include <bpf/btf.h>
#include <bpf/libbpf.h>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <elf.h>
#include <gtest/gtest.h>
#include <map>
#include <set>
#include <string>
#include <unistd.h>
#include <vector>

namespace landlatch::backend_bpf {

class ObjectView {
public:
    explicit ObjectView(std::string bytes) : bytes_(std::move(bytes)) {
        readSections();
        libbpf_set_print([](libbpf_print_level level, const char* format, va_list arguments) {
            return level == LIBBPF_WARN ? std::vfprintf(stderr, format, arguments) : 0;
        });
        object_ = bpf_object__open_mem(bytes_.data(), bytes_.size(), nullptr);
        EXPECT_EQ(libbpf_get_error(object_), 0);
        if (libbpf_get_error(object_) != 0) {
            object_ = nullptr;
        }
        path_ = ::testing::TempDir() + "landlatch-object-XXXXXX";
        const int fd = ::mkstemp(path_.data());
        EXPECT_GE(fd, 0);
        EXPECT_EQ(::write(fd, bytes_.data(), bytes_.size()), static_cast<ssize_t>(bytes_.size()));
        ::close(fd);
    }
    ObjectView(const ObjectView&) = delete;
    ObjectView& operator=(const ObjectView&) = delete;
    ~ObjectView() {
        bpf_object__close(object_);
        ::unlink(path_.c_str());
    }

    [[nodiscard]] bpf_object* libbpf() const { return object_; }
    [[nodiscard]] const std::string& path() const { return path_; }
    [[nodiscard]] int machine() const { return header_.e_machine; }
    [[nodiscard]] bool hasSection(const std::string& name) const { return sections_.contains(name); }
    /// Bytes of a section, 0 when it isn't there.
    [[nodiscard]] std::size_t size(const std::string& name) const {
        const auto found = sections_.find(name);
        return found == sections_.end() ? 0 : found->second.size();
    }
    [[nodiscard]] std::set<std::string> maps() const {
        std::set<std::string> names;
        bpf_map* map = nullptr;
        bpf_object__for_each_map(map, object_) { names.insert(bpf_map__name(map)); }
        return names;
    }
    /// Whether any program reads a field of the kernel's struct `name` (a flavour counts).
    [[nodiscard]] bool relocatesType(const std::string& name) const {
        for (const std::uint32_t id : relocatedTypes()) {
            const btf_type* type = btf__type_by_id(bpf_object__btf(object_), id);
            const std::string found = btf__name_by_offset(bpf_object__btf(object_), type->name_off);
            if (found == name || found.starts_with(name + "___")) {
                return true;
            }
        }
        return false;
    }

private:
    template <typename T> [[nodiscard]] T at(const std::string& bytes, std::size_t offset) const {
        T value{};
        EXPECT_LE(offset + sizeof(T), bytes.size());
        std::memcpy(&value, bytes.data() + offset, sizeof(T));
        return value;
    }

    void readSections() {
        header_ = at<Elf64_Ehdr>(bytes_, 0);
        std::vector<Elf64_Shdr> table;
        for (std::size_t i = 0; i < header_.e_shnum; ++i) {
            table.push_back(at<Elf64_Shdr>(bytes_, header_.e_shoff + i * sizeof(Elf64_Shdr)));
        }
        const char* names = bytes_.data() + table[header_.e_shstrndx].sh_offset;
        for (const Elf64_Shdr& section : table) {
            if (section.sh_type != SHT_NOBITS) {
                sections_[names + section.sh_name] = bytes_.substr(section.sh_offset, section.sh_size);
            }
        }
    }

    /// Root types of the CO-RE relocations, from .BTF.ext (linux/btf.h and libbpf's btf_ext_header).
    [[nodiscard]] std::set<std::uint32_t> relocatedTypes() const {
        const std::string& bytes = sections_.at(".BTF.ext");
        const std::size_t base = at<std::uint32_t>(bytes, 4); // hdr_len
        std::size_t offset = base + at<std::uint32_t>(bytes, 24);
        const std::size_t end = offset + at<std::uint32_t>(bytes, 28);
        std::set<std::uint32_t> types;
        const auto record = at<std::uint32_t>(bytes, offset);
        offset += 4;
        while (offset < end) {
            const auto count = at<std::uint32_t>(bytes, offset + 4);
            offset += 8;
            for (std::uint32_t i = 0; i < count; ++i, offset += record) {
                types.insert(at<std::uint32_t>(bytes, offset + 4));
            }
        }
        return types;
    }

    std::string bytes_;
    Elf64_Ehdr header_{};
    std::map<std::string, std::string> sections_;
    bpf_object* object_ = nullptr;
    std::string path_;
};

} // namespace landlatch::backend_bpf
