// SPDX-License-Identifier: Apache-2.0
// What a user can name a file must not end the supervisor.
#include "runtime/supervise/message.h"

#include <array>
#include <gtest/gtest.h>
#include <sys/socket.h>

namespace landlatch::supervise {
namespace {

TEST(Message, BytesThatAreNoTextTravelAsReplacements) {
    std::array<int, 2> ends{};
    ASSERT_EQ(::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends.data()), 0);
    const UniqueFd ours(ends[0]);
    const UniqueFd theirs(ends[1]);
    for (const std::size_t length : {std::size_t{1}, std::size_t{100'000}}) { // in the message, and beside it
        const nlohmann::json body{{"notes", {"/home/\xff\xfe", std::string(length, '\xc3')}}};
        ASSERT_TRUE(sendMessage(ours.get(), body, -1, true));
        const Result<Message> got = receiveMessage(theirs.get(), true);
        ASSERT_TRUE(got) << got.error().message;
        EXPECT_EQ(got->body["notes"][0], "/home/\xef\xbf\xbd\xef\xbf\xbd");
    }
}

} // namespace
} // namespace landlatch::supervise
