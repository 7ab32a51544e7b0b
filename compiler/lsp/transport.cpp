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

/// The number behind `Content-Length:`, at the start of a line and in any case. One that is too large to be a number is
/// as large as can be.
std::optional<std::size_t> contentLength(std::string_view header) {
    constexpr std::string_view kName = "content-length:";
    while (!header.empty()) {
        const std::size_t end = std::min(header.find("\r\n"), header.size());
        std::string line(header.substr(0, end));
        header.remove_prefix(std::min(end + 2, header.size()));
        std::transform(line.begin(), line.end(), line.begin(),
                       [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
        if (!line.starts_with(kName)) {
            continue;
        }
        std::string_view digits = std::string_view(line).substr(kName.size());
        digits.remove_prefix(std::min(digits.find_first_not_of(' '), digits.size()));
        std::size_t length = 0;
        const auto [stop, status] = std::from_chars(digits.data(), digits.data() + digits.size(), length);
        if (status == std::errc::result_out_of_range) {
            return ~std::size_t{0};
        }
        if (status == std::errc() && stop == digits.data() + digits.size()) {
            return length;
        }
    }
    return std::nullopt;
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
    length_ = contentLength(std::string_view(buffer_).substr(0, end));
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
