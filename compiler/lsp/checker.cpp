// SPDX-License-Identifier: Apache-2.0
#include "compiler/lsp/checker.h"

#include "compiler/lsp/features.h"

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

namespace landlatch::lsp {

namespace {

/// Of processor time. No policy that people write comes near.
constexpr rlim_t kMaxSeconds = 60;
/// Of time, for what waits for a disk that never answers.
constexpr unsigned kMaxWaitSeconds = 300;

[[noreturn]] void checkAndExit(int out, const std::map<std::string, Document>& documents, const std::string& path,
                               const std::vector<std::string>& include_dirs, Encoding encoding) {
    const struct rlimit seconds{kMaxSeconds, kMaxSeconds};
    ::setrlimit(RLIMIT_CPU, &seconds);
    ::alarm(kMaxWaitSeconds);
    OverlayFileSystem files(documents);
    const Json diagnostics = diagnose(files, path, include_dirs, encoding);
    const std::string text = diagnostics.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
    std::string_view left = text;
    while (!left.empty()) {
        const ssize_t put = ::write(out, left.data(), left.size());
        if (put < 0 && errno != EINTR) {
            ::_exit(1);
        }
        left.remove_prefix(put < 0 ? 0 : static_cast<std::size_t>(put));
    }
    ::_exit(0);
}

} // namespace

void Checker::ask(const std::string& path) {
    if (running() && path_ == path) {
        stop();
    }
    forget(path);
    waiting_.push_back(path);
}

void Checker::forget(const std::string& path) { std::erase(waiting_, path); }

void Checker::startNext(const std::map<std::string, Document>& documents, Encoding encoding) {
    while (waiting()) {
        const std::string path = waiting_.front();
        waiting_.erase(waiting_.begin());
        const auto document = documents.find(path);
        int ends[2];
        if (document == documents.end() || ::pipe2(ends, O_CLOEXEC) != 0) {
            continue;
        }
        pipe_ = UniqueFd(ends[0]);
        const UniqueFd write_end(ends[1]);
        const pid_t child = ::fork();
        if (child == 0) {
            checkAndExit(write_end.get(), documents, path, include_dirs_, encoding);
        }
        if (child > 0) {
            child_ = child;
            path_ = path;
            version_ = document->second.version;
            said_.clear();
        }
    }
}

std::optional<Checker::Result> Checker::read() {
    std::string block(64UL * 1024, '\0');
    const ssize_t got = ::read(pipe_.get(), block.data(), block.size());
    if (got > 0) {
        said_.append(block, 0, static_cast<std::size_t>(got));
        return std::nullopt;
    }
    if (got < 0 && errno == EINTR) {
        return std::nullopt;
    }
    Result result{path_, version_, nullptr};
    if (said_.ends_with('\n')) {
        result.diagnostics = Json::parse(said_, nullptr, false);
    }
    stop();
    return result;
}

void Checker::stop() {
    if (!running()) {
        return;
    }
    ::kill(child_, SIGKILL);
    while (::waitpid(child_, nullptr, 0) < 0 && errno == EINTR) {
    }
    child_ = 0;
    pipe_ = UniqueFd();
}

} // namespace landlatch::lsp
