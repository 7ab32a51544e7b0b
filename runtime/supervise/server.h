// SPDX-License-Identifier: Apache-2.0
// The supervisor's socket: takes requests of root's, one at a time a client, and gives answers, at once or later.
#pragma once

#include "runtime/base/result.h"
#include "runtime/supervise/journal.h"
#include "runtime/supervise/loop.h"
#include "runtime/supervise/message.h"

#include <functional>
#include <map>
#include <memory>

namespace landlatch::supervise {

class Server {
public:
    /// Answers a request; may be kept and called later. Does nothing when the client is gone.
    using Reply = std::function<void(const nlohmann::json&)>;
    using Handler = std::function<void(Message request, Reply reply)>;

    Server(Loop& loop, Journal& journal, Handler handler)
        : loop_(loop), journal_(journal), handler_(std::move(handler)) {}
    ~Server();
    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;

    /// Makes the socket in kRunFolder, which must be root's alone.
    Result<void> open();
    static constexpr std::size_t kMaxClients = 64;

private:
    struct Client;
    void accept();
    void receive(int fd);
    void drop(int fd);
    void listen(Client& client);

    Loop& loop_;
    Journal& journal_;
    Handler handler_;
    UniqueFd socket_;
    std::map<int, std::shared_ptr<Client>> clients_;
};

} // namespace landlatch::supervise
