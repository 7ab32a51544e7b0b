// SPDX-License-Identifier: Apache-2.0
// Messages of the Language Server Protocol over file descriptors: a header with the length, then JSON.
#pragma once

#include <cstddef>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>

namespace landlatch::lsp {

using Json = nlohmann::json;

/// A message longer than this is read and thrown away.
inline constexpr std::size_t kMaxMessageBytes = 64UL * 1024 * 1024;

/// No message of the protocol nests as deep. Copies and texts of JSON values are made by recursion.
inline constexpr std::size_t kMaxNesting = 200;

/// Whether a body nests deeper than kMaxNesting, if it is JSON at all.
[[nodiscard]] bool isTooDeep(std::string_view body);

/// Cuts a stream of bytes into messages. Headers that make no sense are skipped up to the next one that does.
class MessageReader {
public:
    void feed(std::string_view bytes);
    /// The body of the next whole message.
    std::optional<std::string> next();
    /// How many messages were too long since the last call.
    std::size_t takeTooLong() { return std::exchange(too_long_, 0); }

private:
    bool readHeader();

    std::string buffer_;
    std::optional<std::size_t> length_; ///< of the body that comes next
    std::size_t to_skip_ = 0;
    std::size_t too_long_ = 0;
};

/// Writes one message. False when nobody reads any more.
bool writeMessage(int fd, const Json& message);

} // namespace landlatch::lsp
