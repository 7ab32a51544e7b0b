// SPDX-License-Identifier: Apache-2.0
// How llload and its supervisor talk: one JSON object a message of a SOCK_SEQPACKET socket, with at most one fd. What
// is too long for a message travels as a sealed memory file.
#pragma once

#include "runtime/base/result.h"
#include "runtime/base/unique_fd.h"

#include <cstddef>
#include <nlohmann/json.hpp>
#include <span>
#include <string>

namespace landlatch::supervise {

inline constexpr const char* kRunFolder = "/run/landlatch";
inline constexpr const char* kSocketPath = "/run/landlatch/control";
inline constexpr const char* kLockPath = "/run/landlatch/lock";
inline constexpr const char* kPinRoot = "/sys/fs/bpf/landlatch";

struct Message {
    nlohmann::json body;
    UniqueFd fd;
};

/// `json` as text. Paths hold any bytes, and dump() throws at what is not UTF-8: that is replaced here.
[[nodiscard]] std::string toText(const nlohmann::json& json);

/// Whether `request` has `what`, as true.
[[nodiscard]] bool isSet(const nlohmann::json& request, const char* what);

/// Sends without waiting when `wait` is false (EAGAIN then). `fd` -1: none.
Result<void> sendMessage(int socket, const nlohmann::json& body, int fd, bool wait);
/// The next message. An empty result (ENODATA) at the end of the connection, EPROTO for what isn't a message.
Result<Message> receiveMessage(int socket, bool wait);

/// A memory file with `bytes`, sealed: nobody can change it any more.
Result<UniqueFd> sealedFile(std::span<const std::byte> bytes);
/// All bytes of a sealed memory file of at most `limit` bytes; refuses any other kind of file.
Result<std::string> readSealed(int fd, std::size_t limit);

/// The uid of the process at the other end.
Result<uid_t> peerUid(int socket);

} // namespace landlatch::supervise
