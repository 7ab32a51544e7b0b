// SPDX-License-Identifier: Apache-2.0
// What llc calls in its Clang module, lib/landlatch/landlatch-clang.so: plain C, since the module is opened at run time
// (compiler/backend/bpf/toolchain.h), and only for what needs Clang or LLVM.
#pragma once

#include <cstddef>
#include <cstdint>

extern "C" {

/// One complaint of Clang's. `path` is empty and line and column are 0 where it has no place.
using LandlatchReport = void (*)(void* context, bool is_error, const char* path, unsigned line, unsigned column,
                                 const char* message);
using LandlatchTake = void (*)(void* context, const char* bytes, std::size_t size);

struct LandlatchTemplate {
    const char* path;         ///< the .bpf.c file, absolute: its folder is taken out of what is made
    const char* include_dir;  ///< where the gate's headers are
    std::uint32_t used_facts; ///< 1 << LL_DIM_x and LL_UNKNOWN_x bits
};

/// Compiles a gate template to a gate object, which `take` gets. False: `report` has said why not.
using LandlatchCompileTemplate = bool (*)(const LandlatchTemplate*, LandlatchReport report, LandlatchTake take,
                                          void* context);
/// The programs of an object as text. False: `report` has said why not.
using LandlatchDisassemble = bool (*)(const char* object, std::size_t size, LandlatchReport report, LandlatchTake take,
                                      void* context);
}
