// SPDX-License-Identifier: Apache-2.0
#include "runtime/supervise/message.h"

#include <array>
#include <cstring>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

namespace landlatch::supervise {
namespace {

constexpr std::size_t kMaxInline = 16384;
constexpr std::size_t kMaxBody = 64U << 20U; ///< of what is said; objects are files of their own
constexpr int kSeals = F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE;
constexpr const char* kElsewhere = "body_in_file";

Result<void> sendText(int socket, std::string text, int fd, bool wait) {
    iovec vector{text.data(), text.size()};
    alignas(cmsghdr) std::array<std::byte, CMSG_SPACE(sizeof(int))> control{};
    msghdr message{};
    message.msg_iov = &vector;
    message.msg_iovlen = 1;
    if (fd >= 0) {
        message.msg_control = control.data();
        message.msg_controllen = control.size();
        cmsghdr* rights = CMSG_FIRSTHDR(&message);
        rights->cmsg_level = SOL_SOCKET;
        rights->cmsg_type = SCM_RIGHTS;
        rights->cmsg_len = CMSG_LEN(sizeof(int));
        std::memcpy(CMSG_DATA(rights), &fd, sizeof fd);
    }
    if (::sendmsg(socket, &message, MSG_NOSIGNAL | (wait ? 0 : MSG_DONTWAIT)) < 0) {
        return errnoError("sending a message");
    }
    return {};
}

} // namespace

bool isSet(const nlohmann::json& request, const char* what) {
    const auto found = request.find(what);
    return found != request.end() && *found == true;
}

std::string toText(const nlohmann::json& json) {
    return json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

Result<void> sendMessage(int socket, const nlohmann::json& body, int fd, bool wait) {
    std::string text = toText(body);
    if (text.size() <= kMaxInline) {
        return sendText(socket, std::move(text), fd, wait);
    }
    const Result<UniqueFd> file = sealedFile(std::as_bytes(std::span(text)));
    if (!file) {
        return file.error();
    }
    return sendText(socket, toText({{kElsewhere, true}}), file->get(), wait);
}

Result<Message> receiveMessage(int socket, bool wait) {
    std::string text(kMaxInline, '\0');
    iovec vector{text.data(), text.size()};
    alignas(cmsghdr) std::array<std::byte, CMSG_SPACE(sizeof(int))> control{};
    msghdr header{};
    header.msg_iov = &vector;
    header.msg_iovlen = 1;
    header.msg_control = control.data();
    header.msg_controllen = control.size();
    const ssize_t got = ::recvmsg(socket, &header, MSG_CMSG_CLOEXEC | (wait ? 0 : MSG_DONTWAIT));
    if (got < 0) {
        return errnoError("receiving a message");
    }
    Message message;
    if (const cmsghdr* rights = CMSG_FIRSTHDR(&header); rights != nullptr && rights->cmsg_level == SOL_SOCKET &&
                                                        rights->cmsg_type == SCM_RIGHTS &&
                                                        rights->cmsg_len == CMSG_LEN(sizeof(int))) {
        int fd = -1;
        std::memcpy(&fd, CMSG_DATA(rights), sizeof fd);
        message.fd = UniqueFd(fd);
    }
    if (got == 0) {
        return Error{ENODATA, "the connection has ended"};
    }
    if ((header.msg_flags & (MSG_TRUNC | MSG_CTRUNC)) != 0) {
        return Error{EPROTO, "a message is too long"};
    }
    text.resize(static_cast<std::size_t>(got));
    message.body = nlohmann::json::parse(text, nullptr, false);
    if (message.body.is_object() && message.body.contains(kElsewhere)) {
        const Result<std::string> body = readSealed(message.fd.get(), kMaxBody);
        if (!body) {
            return body.error();
        }
        message.fd.reset();
        message.body = nlohmann::json::parse(*body, nullptr, false);
    }
    if (!message.body.is_object()) {
        return Error{EPROTO, "a message is not a JSON object"};
    }
    return message;
}

Result<UniqueFd> sealedFile(std::span<const std::byte> bytes) {
    UniqueFd file(::memfd_create("landlatch", MFD_CLOEXEC | MFD_ALLOW_SEALING));
    if (!file) {
        return errnoError("memfd_create");
    }
    while (!bytes.empty()) {
        const ssize_t written = ::write(file.get(), bytes.data(), bytes.size());
        if (written <= 0) {
            return errnoError("writing a memory file");
        }
        bytes = bytes.subspan(static_cast<std::size_t>(written));
    }
    if (::fcntl(file.get(), F_ADD_SEALS, kSeals) != 0) {
        return errnoError("sealing a memory file");
    }
    return file;
}

Result<std::string> readSealed(int fd, std::size_t limit) {
    struct stat found{};
    if (::fcntl(fd, F_GET_SEALS) != kSeals || ::fstat(fd, &found) != 0) {
        return Error{EINVAL, "not a sealed memory file"};
    }
    const auto size = static_cast<std::size_t>(found.st_size);
    if (size > limit) {
        return errnoError("a memory file", EFBIG);
    }
    std::string text(size, '\0');
    std::size_t done = 0;
    while (done < size) {
        const ssize_t got = ::pread(fd, text.data() + done, size - done, static_cast<off_t>(done));
        if (got <= 0) {
            return errnoError("reading a memory file");
        }
        done += static_cast<std::size_t>(got);
    }
    return text;
}

Result<uid_t> peerUid(int socket) {
    ucred peer{};
    socklen_t size = sizeof peer;
    if (::getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &peer, &size) != 0) {
        return errnoError("SO_PEERCRED");
    }
    return peer.uid;
}

} // namespace landlatch::supervise
