// SPDX-License-Identifier: Apache-2.0
// We are wrong: an invariant of this program does not hold. Aborts, in release builds too.
#pragma once

#include <cstdio>
#include <cstdlib>

#define LANDLATCH_CHECK(condition)                                                                                     \
    do {                                                                                                               \
        if (!(condition)) [[unlikely]] {                                                                               \
            std::fprintf(stderr, "%s:%d: internal error: %s\n", __FILE__, __LINE__, #condition);                       \
            std::abort();                                                                                              \
        }                                                                                                              \
    } while (false)
