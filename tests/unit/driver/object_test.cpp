// SPDX-License-Identifier: Apache-2.0
// What no policy of a test could reach: bounds of the object.
#include "compiler/driver/object.h"

#include <gtest/gtest.h>

namespace landlatch::driver {
namespace {

TEST(MakeObject, RefusesTablesAboveTheBound) {
    const std::vector<std::uint32_t> tables(backend_bpf::kMaxTableBytes / 4 + 1);
    Compilation compilation;
    RealFileSystem files;
    ASSERT_TRUE(makeObject(compilation, Options{}, {"", "", tables}, 0, files));
    EXPECT_EQ(compilation.output, "");
    ASSERT_EQ(compilation.sink.errorCount(), 1U);
    EXPECT_EQ(compilation.sink.all().front().id, diag::Id::kTablesTooLarge);
}

} // namespace
} // namespace landlatch::driver
