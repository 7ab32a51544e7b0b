// SPDX-License-Identifier: Apache-2.0
#include "runtime/supervise/server.h"

#include <cstring>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

namespace landlatch::supervise {

struct Server::Client {
    UniqueFd socket;
    std::uint64_t listener = 0;
    std::uint64_t missed = 0; ///< events this client was too slow for
};

Server::~Server() {
    while (!clients_.empty()) {
        drop(clients_.begin()->first);
    }
    if (socket_) {
        loop_.remove(socket_.get());
        ::unlink(kSocketPath);
    }
}

Result<void> Server::open() {
    socket_ = UniqueFd(::socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    if (!socket_) {
        return errnoError("socket");
    }
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::strncpy(address.sun_path, kSocketPath, sizeof address.sun_path - 1);
    ::unlink(kSocketPath); // a dead supervisor's; the lock says that there is no other
    if (::bind(socket_.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 ||
        ::listen(socket_.get(), 16) != 0) {
        return errnoError(kSocketPath);
    }
    return loop_.add(socket_.get(), [this] { accept(); });
}

void Server::accept() {
    UniqueFd socket(::accept4(socket_.get(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
    if (!socket || clients_.size() >= kMaxClients) {
        return;
    }
    const Result<uid_t> uid = peerUid(socket.get());
    if (!uid || *uid != 0) {
        return;
    }
    const int fd = socket.get();
    if (!loop_.add(fd, [this, fd] { receive(fd); })) {
        return;
    }
    auto client = std::make_shared<Client>();
    client->socket = std::move(socket);
    clients_[fd] = std::move(client);
}

void Server::drop(int fd) {
    const auto found = clients_.find(fd);
    if (found == clients_.end()) {
        return;
    }
    journal_.leave(found->second->listener);
    loop_.remove(fd);
    clients_.erase(found);
}

void Server::receive(int fd) {
    const std::shared_ptr<Client> client = clients_.at(fd);
    Result<Message> message = receiveMessage(fd, false);
    if (!message) {
        if (message.error().code != EAGAIN) {
            drop(fd);
        }
        return;
    }
    if (!message->body.contains("op") || !message->body["op"].is_string()) {
        drop(fd);
        return;
    }
    if (message->body["op"] == "events") {
        listen(*client);
        return;
    }
    const std::weak_ptr<Client> weak = client;
    handler_(std::move(*message), [weak](const nlohmann::json& answer) {
        if (const std::shared_ptr<Client> still = weak.lock()) {
            [[maybe_unused]] const Result<void> sent = sendMessage(still->socket.get(), answer, -1, false);
        }
    });
}

void Server::listen(Client& client) {
    const auto tell = [&client](const std::string& line) {
        nlohmann::json event = nlohmann::json::parse(line, nullptr, false);
        if (client.missed != 0) {
            event["missed_before"] = client.missed;
        }
        if (sendMessage(client.socket.get(), event, -1, false)) {
            client.missed = 0;
        } else {
            ++client.missed;
        }
    };
    journal_.leave(client.listener);
    for (const std::string& line : journal_.kept()) {
        tell(line);
    }
    client.listener = journal_.listen(tell);
}

} // namespace landlatch::supervise
