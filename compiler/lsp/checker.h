// SPDX-License-Identifier: Apache-2.0
// Checks of documents in child processes, one at a time.
#pragma once

#include "compiler/lsp/document.h"
#include "runtime/base/unique_fd.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <sys/types.h>
#include <vector>

namespace landlatch::lsp {

class Checker {
public:
    explicit Checker(const std::vector<std::string>& include_dirs) : include_dirs_(include_dirs) {}
    Checker(const Checker&) = delete;
    Checker& operator=(const Checker&) = delete;
    ~Checker() { stop(); }

    /// Checks `path` after what is asked for already. Of what runs for it, nothing is heard any more.
    void ask(const std::string& path);
    void forget(const std::string& path);
    /// Starts what waits, if nothing runs.
    void startNext(const std::map<std::string, Document>& documents, Encoding encoding);
    [[nodiscard]] bool waiting() const { return !waiting_.empty() && !running(); }
    [[nodiscard]] bool running() const { return child_ > 0; }
    /// Readable when the running check has something to say; -1 when none runs.
    [[nodiscard]] int fd() const { return running() ? pipe_.get() : -1; }

    struct Result {
        std::string path;
        std::int64_t version = 0;
        Json diagnostics; ///< null when the check failed
    };
    /// Takes what has come; the result when it is whole.
    std::optional<Result> read();

private:
    void stop();

    std::vector<std::string> include_dirs_;
    std::vector<std::string> waiting_;
    pid_t child_ = 0;
    UniqueFd pipe_;
    std::string path_;
    std::int64_t version_ = 0;
    std::string said_;
};

} // namespace landlatch::lsp
