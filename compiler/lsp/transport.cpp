// SPDX-License-Identifier: Apache-2.0
#include "compiler/lsp/transport.h"

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <unistd.h>

namespace landlatch::lsp {

namespace {

/// A header block longer than this is none.
constexpr std::size_t kMaxHeaderBytes = 4096;
constexpr std::string_view kEnd = "\r\n\r\n";

/// The number behind the last `Content-Length:`, in any case; what stands before it on its line is the rest of a
/// message whose length was wrong. One that is too large to be a number is as large as can be.
std::optional<std::size_t> contentLength(std::string header) {
    constexpr std::string_view kName = "content-length:";
    std::transform(header.begin(), header.end(), header.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    const std::size_t at = header.rfind(kName);
    if (at == std::string::npos) {
        return std::nullopt;
    }
    std::string_view digits = std::string_view(header).substr(at + kName.size());
    digits = digits.substr(0, digits.find("\r\n"));
    digits.remove_prefix(std::min(digits.find_first_not_of(' '), digits.size()));
    std::size_t length = 0;
    const auto [stop, status] = std::from_chars(digits.data(), digits.data() + digits.size(), length);
    if (status == std::errc::result_out_of_range) {
        return ~std::size_t{0};
    }
    return status == std::errc() && stop == digits.data() + digits.size() ? std::optional(length) : std::nullopt;
}

} // namespace

void MessageReader::feed(std::string_view bytes) {
    const std::size_t skipped = std::min(to_skip_, bytes.size());
    to_skip_ -= skipped;
    buffer_ += bytes.substr(skipped);
}

/// Takes a header from the buffer; false when there is no whole one.
bool MessageReader::readHeader() {
    const std::size_t end = buffer_.find(kEnd);
    if (end == std::string::npos) {
        if (buffer_.size() > kMaxHeaderBytes) {
            buffer_.erase(0, buffer_.size() - kEnd.size());
        }
        return false;
    }
    length_ = contentLength(buffer_.substr(0, end));
    buffer_.erase(0, end + kEnd.size());
    if (length_ && *length_ > kMaxMessageBytes) {
        ++too_long_;
        const std::size_t here = std::min(*length_, buffer_.size());
        to_skip_ = *length_ - here;
        buffer_.erase(0, here);
        length_.reset();
    }
    return true;
}

std::optional<std::string> MessageReader::next() {
    while (!length_) {
        if (!readHeader()) {
            return std::nullopt;
        }
    }
    if (buffer_.size() < *length_) {
        return std::nullopt;
    }
    std::string body = buffer_.substr(0, *length_);
    buffer_.erase(0, *length_);
    length_.reset();
    return body;
}

bool isTooDeep(std::string_view body) {
    std::size_t depth = 0;
    bool in_string = false;
    for (std::size_t i = 0; i < body.size(); ++i) {
        const char c = body[i];
        if (in_string) {
            i += c == '\\' ? 1 : 0;
            in_string = c != '"';
        } else if (c == '[' || c == '{') {
            if (++depth > kMaxNesting) {
                return true;
            }
        } else if (c == ']' || c == '}') {
            --depth;
        } else {
            in_string = c == '"';
        }
    }
    return false;
}

bool writeMessage(int fd, const Json& message) {
    const std::string body = message.dump(-1, ' ', false, Json::error_handler_t::replace);
    const std::string whole = "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
    std::string_view left = whole;
    while (!left.empty()) {
        const ssize_t put = ::write(fd, left.data(), left.size());
        if (put < 0 && errno != EINTR) {
            return false;
        }
        left.remove_prefix(put < 0 ? 0 : static_cast<std::size_t>(put));
    }
    return true;
}

} // namespace landlatch::lsp
