// SPDX-License-Identifier: Apache-2.0
// Takes out of the template's module what no object needs: places of instructions, values of variables, and what asks
// for DWARF. BTF needs the types of functions and of global variables only, which stay.
#pragma once

namespace llvm {
class Module;
}

namespace landlatch::gates {

void trim(llvm::Module& module);

} // namespace landlatch::gates
