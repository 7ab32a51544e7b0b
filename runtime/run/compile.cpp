// SPDX-License-Identifier: Apache-2.0
#include "runtime/run/compile.h"

#include "runtime/object/read.h"

#include <array>
#include <cstdlib>
#include <fmt/format.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

namespace landlatch::run {
namespace {

/// A directory of our own that goes away with what llc wrote into it.
class PrivateDirectory {
public:
    static Result<PrivateDirectory> make() {
        const char* const base = std::getenv("TMPDIR");
        std::string path = std::string(base != nullptr && *base == '/' ? base : "/tmp") + "/llrun-XXXXXX";
        if (::mkdtemp(path.data()) == nullptr) {
            return errnoError(path);
        }
        return PrivateDirectory(std::move(path));
    }
    PrivateDirectory(PrivateDirectory&& other) noexcept : path_(std::exchange(other.path_, {})) {}
    PrivateDirectory& operator=(PrivateDirectory&&) = delete;
    ~PrivateDirectory() {
        if (!path_.empty()) {
            ::unlink(object().c_str());
            ::rmdir(path_.c_str());
        }
    }
    [[nodiscard]] std::string object() const { return path_ + "/policy.o"; }

private:
    explicit PrivateDirectory(std::string path) : path_(std::move(path)) {}
    std::string path_;
};

Result<std::string> findCompiler() {
    std::array<char, 4096> buffer{};
    const ssize_t got = ::readlink("/proc/self/exe", buffer.data(), buffer.size());
    if (got < 0 || static_cast<std::size_t>(got) >= buffer.size()) {
        return errnoError("/proc/self/exe", got < 0 ? errno : ENAMETOOLONG);
    }
    const std::string self(buffer.data(), static_cast<std::size_t>(got));
    const std::string directory = self.substr(0, self.rfind('/'));
    // The alias first: where it exists, `llc` beside it may be LLVM's.
    for (const char* const name : {"landlatch-llc", "llc"}) {
        std::string path = directory + "/" + name;
        if (::access(path.c_str(), X_OK) == 0) {
            return path;
        }
    }
    return Error{ENOENT, fmt::format("no llc beside llrun, in {}: give a compiled policy (.o)", directory)};
}

} // namespace

bool isSource(const std::string& path) { return path.ends_with(".ll"); }

Result<object::Policy> compileAndRead(const std::string& source) {
    const Result<std::string> compiler = findCompiler();
    if (!compiler) {
        return compiler.error();
    }
    const Result<PrivateDirectory> directory = PrivateDirectory::make();
    if (!directory) {
        return directory.error();
    }
    const std::string object = directory->object();
    const std::array<const char*, 5> words{compiler->c_str(), source.c_str(), "-o", object.c_str(), nullptr};
    pid_t pid = 0;
    const int failure = ::posix_spawn(&pid, compiler->c_str(), nullptr, nullptr, const_cast<char* const*>(words.data()),
                                      environ); // not written to
    if (failure != 0) {
        return errnoError(*compiler, failure);
    }
    int status = 0;
    while (::waitpid(pid, &status, 0) < 0) {
        if (errno != EINTR) {
            return errnoError("waiting for llc");
        }
    }
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
        return Error{EINVAL, fmt::format("{}: llc did not compile it", source)};
    }
    return object::readFile(object);
}

} // namespace landlatch::run
