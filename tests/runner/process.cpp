// SPDX-License-Identifier: Apache-2.0
#include "tests/runner/process.h"

#include "runtime/base/check.h"
#include "runtime/base/unique_fd.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <fcntl.h>
#include <fmt/format.h>
#include <fstream>
#include <poll.h>
#include <sstream>
#include <sys/wait.h>

namespace landlatch::testing {

namespace {

struct Pipe {
    UniqueFd read;
    UniqueFd write;
};

Pipe makePipe() {
    std::array<int, 2> ends{};
    LANDLATCH_CHECK(::pipe2(ends.data(), O_CLOEXEC) == 0);
    return Pipe{UniqueFd(ends[0]), UniqueFd(ends[1])};
}

[[noreturn]] void becomeProgram(const std::vector<std::string>& arguments, const std::filesystem::path& directory,
                                const std::filesystem::path& bin, int out, int err) {
    const char* old_path = ::getenv("PATH");
    const std::string path = bin.string() + ":" + (old_path != nullptr ? old_path : "/usr/bin:/bin");
    ::setenv("PATH", path.c_str(), 1);
    ::setenv("LC_ALL", "C.UTF-8", 1);
    const int null = ::open("/dev/null", O_RDONLY);
    if (null < 0 || ::chdir(directory.c_str()) != 0 || ::dup2(null, 0) < 0 || ::dup2(out, 1) < 0 ||
        ::dup2(err, 2) < 0) {
        ::_exit(126);
    }
    std::vector<char*> argv;
    for (const std::string& argument : arguments) {
        argv.push_back(const_cast<char*>(argument.c_str()));
    }
    argv.push_back(nullptr);
    ::execvp(argv[0], argv.data());
    ::_exit(127);
}

/// Reads both pipes until both writers are gone.
void drain(const Pipe& out, const Pipe& err, Outcome& outcome) {
    std::array<pollfd, 2> fds = {{{out.read.get(), POLLIN, 0}, {err.read.get(), POLLIN, 0}}};
    const std::array<std::string*, 2> texts = {&outcome.out, &outcome.err};
    std::array<char, 65536> block{};
    while (fds[0].fd >= 0 || fds[1].fd >= 0) {
        LANDLATCH_CHECK(::poll(fds.data(), fds.size(), -1) > 0 || errno == EINTR);
        for (std::size_t i = 0; i < fds.size(); ++i) {
            if (fds[i].fd < 0 || fds[i].revents == 0) {
                continue;
            }
            const ssize_t got = ::read(fds[i].fd, block.data(), block.size());
            if (got <= 0) {
                fds[i].fd = -1;
            } else {
                texts[i]->append(block.data(), static_cast<std::size_t>(got));
            }
        }
    }
}

} // namespace

Result<Outcome> run(const std::vector<std::string>& arguments, const std::filesystem::path& directory,
                    const std::filesystem::path& bin) {
    Pipe out = makePipe();
    Pipe err = makePipe();
    const pid_t child = ::fork();
    if (child < 0) {
        return errnoError("fork");
    }
    if (child == 0) {
        becomeProgram(arguments, directory, bin, out.write.get(), err.write.get());
    }
    out.write.reset();
    err.write.reset();
    Outcome outcome;
    drain(out, err, outcome);
    int status = 0;
    while (::waitpid(child, &status, 0) < 0) {
        LANDLATCH_CHECK(errno == EINTR);
    }
    outcome.exit = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    return outcome;
}

ScratchDirectory::ScratchDirectory() {
    std::string pattern = (std::filesystem::temp_directory_path() / "landlatch-test.XXXXXX").string();
    LANDLATCH_CHECK(::mkdtemp(pattern.data()) != nullptr);
    path_ = pattern;
}

ScratchDirectory::~ScratchDirectory() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
}

std::string readText(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
}

void writeText(const std::filesystem::path& path, const std::string& text) {
    std::ofstream(path, std::ios::binary) << text;
}

void printDifference(const std::string& title, const std::string& expected, const std::string& actual) {
    const auto [a, b] = std::mismatch(expected.begin(), expected.end(), actual.begin(), actual.end());
    const auto line = 1 + std::count(expected.begin(), a, '\n');
    fmt::print(stderr, "{}: differs from line {} on\n--- expected\n{}\n--- actual\n{}\n---\n", title, line, expected,
               actual);
}

} // namespace landlatch::testing
