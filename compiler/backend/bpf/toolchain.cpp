// SPDX-License-Identifier: Apache-2.0
#include "compiler/backend/bpf/toolchain.h"

#include "compiler/backend/bpf/clang_module.h"
#include "compiler/backend/bpf/fact_sets.h"

#include <dlfcn.h>
#include <filesystem>
#include <system_error>

namespace landlatch::backend_bpf {
namespace {

/// The folder above the one that this program lies in: the prefix it was installed to.
Result<std::filesystem::path> prefix() {
    std::error_code code;
    const std::filesystem::path self = std::filesystem::read_symlink("/proc/self/exe", code);
    if (code) {
        return Error{code.value(), "/proc/self/exe: " + code.message()};
    }
    return self.parent_path().parent_path();
}

/// A function of the module. It stays open: code of Clang's may run when the program ends.
template <typename Function> Result<Function> find(const char* name) {
    const auto root = prefix();
    if (!root) {
        return root.error();
    }
    const std::string path = (*root / "lib/landlatch/landlatch-clang.so").string();
    void* module = ::dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
    void* function = module != nullptr ? ::dlsym(module, name) : nullptr;
    if (function == nullptr) {
        return Error{ENOENT, std::string("this needs the Clang module and Debian's libclang-cpp19: ") + ::dlerror()};
    }
    return reinterpret_cast<Function>(function);
}

/// What the module's functions tell and give.
struct Heard {
    std::vector<Complaint> complaints;
    std::string bytes;

    static void report(void* context, bool is_error, const char* path, unsigned line, unsigned column,
                       const char* message) {
        static_cast<Heard*>(context)->complaints.push_back({is_error, path, line, column, message});
    }
    static void take(void* context, const char* bytes, std::size_t size) {
        static_cast<Heard*>(context)->bytes.assign(bytes, size);
    }
};

} // namespace

Result<CompiledTemplate> compileTemplate(const std::string& path, std::uint32_t used_facts) {
    const auto compile = find<LandlatchCompileTemplate>("landlatchCompileTemplate");
    if (!compile) {
        return compile.error();
    }
    const std::string headers = (*prefix() / "share/landlatch/bpf-templates").string();
    std::error_code code;
    const std::string absolute = std::filesystem::weakly_canonical(path, code).string();
    if (code) {
        return Error{code.value(), path + ": " + code.message()};
    }
    const LandlatchTemplate what{absolute.c_str(), headers.c_str(), factsOf(setOf(used_facts))};
    Heard heard;
    const bool done = (*compile)(&what, &Heard::report, &Heard::take, &heard);
    if (!done) {
        heard.bytes.clear();
        if (heard.complaints.empty()) {
            return Error{EINVAL, path + ": Clang refuses it without a reason"};
        }
    }
    for (Complaint& complaint : heard.complaints) {
        complaint.path = complaint.path == absolute ? path : complaint.path;
    }
    return CompiledTemplate{std::move(heard.bytes), std::move(heard.complaints)};
}

Result<std::string> disassemble(std::string_view object) {
    const auto function = find<LandlatchDisassemble>("landlatchDisassemble");
    if (!function) {
        return function.error();
    }
    Heard heard;
    if (!(*function)(object.data(), object.size(), &Heard::report, &Heard::take, &heard)) {
        return Error{EINVAL, heard.complaints.empty() ? "disassembling failed" : heard.complaints.front().message};
    }
    return std::move(heard.bytes);
}

} // namespace landlatch::backend_bpf
