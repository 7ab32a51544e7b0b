// SPDX-License-Identifier: Apache-2.0
// A stream of messages through the language server: it comes back, and all that it writes is messages. The first byte
// chooses: a stream as it comes, headers and all, or one message a line, of which the headers are made here.
#include "compiler/lsp/server.h"
#include "compiler/lsp/transport.h"
#include "runtime/base/check.h"
#include "runtime/base/unique_fd.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <sys/mman.h>
#include <unistd.h>

using namespace landlatch;

namespace {

std::string framed(std::string_view body) {
    return "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + std::string(body);
}

std::string streamOf(std::string_view input) {
    // Without folders: the files of this machine are nobody's policies.
    std::string stream = framed(R"({"jsonrpc":"2.0","id":0,"method":"initialize","params":{"capabilities":{}}})");
    if (input.empty() || input.front() != '#') {
        return stream.append(input);
    }
    input.remove_prefix(1);
    while (!input.empty()) {
        const std::size_t end = std::min(input.find('\n'), input.size());
        stream += end == 0 ? "" : framed(input.substr(0, end));
        input.remove_prefix(std::min(end + 1, input.size()));
    }
    return stream;
}

UniqueFd memory(std::string_view content) {
    UniqueFd fd(::memfd_create("stream", MFD_CLOEXEC));
    LANDLATCH_CHECK(fd && ::write(fd.get(), content.data(), content.size()) == static_cast<ssize_t>(content.size()));
    LANDLATCH_CHECK(::lseek(fd.get(), 0, SEEK_SET) == 0);
    return fd;
}

} // namespace

extern "C" int LLVMFuzzerInitialize(int* /*argc*/, char*** /*argv*/) {
    ::setenv("XDG_CACHE_HOME", "/proc/nowhere", 1); // nothing is written to
    return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    // A file is always readable, so that the server never rests, and starts no check in another process.
    const UniqueFd in = memory(streamOf({reinterpret_cast<const char*>(data), size}));
    const UniqueFd out = memory("");
    const lsp::Options options{{}, "fuzzed"};
    (void)lsp::serve(in.get(), out.get(), options);
    const off_t length = ::lseek(out.get(), 0, SEEK_END);
    std::string written(static_cast<std::size_t>(length), '\0');
    LANDLATCH_CHECK(::pread(out.get(), written.data(), written.size(), 0) == length);
    lsp::MessageReader reader;
    reader.feed(written);
    std::size_t read = 0;
    while (const auto body = reader.next()) {
        const lsp::Json message = lsp::Json::parse(*body, nullptr, false);
        LANDLATCH_CHECK(message.is_object() && message.value("jsonrpc", "") == "2.0");
        LANDLATCH_CHECK(message.contains("method") || message.contains("result") || message.contains("error"));
        read += framed(*body).size();
    }
    LANDLATCH_CHECK(read == written.size());
    return 0;
}
