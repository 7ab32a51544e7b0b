// SPDX-License-Identifier: Apache-2.0
#include "compiler/diag/diagnostic.h"

#include <gtest/gtest.h>

namespace landlatch::diag {

TEST(Nearest, FindsATypo) { EXPECT_EQ(nearest("exceute", {"read", "execute", "write"}), "execute"); }

TEST(Nearest, StaysSilentWhenNothingIsNear) { EXPECT_EQ(nearest("banana", {"read", "execute", "write"}), ""); }

} // namespace landlatch::diag
