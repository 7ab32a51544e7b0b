# SPDX-License-Identifier: Apache-2.0
"""The style tests find what they are for: each rule is shown a file that breaks it and one that doesn't."""
import diagnostics
import fences
import headers
import repo

CASES = [
    ("runtime includes the compiler", True, fences.check("runtime/tree/x.cpp", '#include "compiler/ir/policy.h"')),
    ("an early phase includes a late one", True, fences.check("compiler/ir/x.h", '#include "compiler/sema/analyze.h"')),
    ("LLVM outside backend/bpf", True, fences.check("compiler/driver/x.cpp", "#include <llvm/IR/Module.h>")),
    ("ANTLR outside syntax", True, fences.check("compiler/sema/x.cpp", "#include <antlr4-runtime.h>")),
    ("the compiler uses the runtime's loader", True,
     fences.check("compiler/sema/x.cpp", '#include "runtime/landlock/load.h"')),
    ("an unknown layer", True, fences.check("compiler/new/x.cpp", "")),
    ("a late phase includes an early one", False,
     fences.check("compiler/sema/x.cpp", '#include "compiler/ast/ast.h"\n#include "runtime/landlock/abi.h"')),
    ("ANTLR in syntax", False, fences.check("compiler/syntax/x.cpp", "#include <antlr4-runtime.h>")),
    ("no licence", True, headers.licence("compiler/ir/x.h", "#pragma once\n")),
    ("wrong licence", True, headers.licence("bpf-templates/x.h", "/* SPDX-License-Identifier: Apache-2.0 */\n")),
    ("right licence", False,
     headers.licence("bpf-templates/x.h", "/* SPDX-License-Identifier: GPL-2.0-only OR MIT */\n")),
    ("a home directory", True, headers.machine_paths("x.md", "cd /home/" + "someone/src\n")),
    ("a glob of homes", False, headers.machine_paths("x.md", "beneath /home except /home/*/.ssh\n")),
    ("a full stop", True, diagnostics.row_problems("E0100", "kError", "unexpected x.")),
    ("a wrong letter", True, diagnostics.row_problems("W1000", "kError", "unexpected x")),
    ("a good row", False, diagnostics.row_problems("E0100", "kError", "unexpected x; expected {1}")),
    ("no page", True, diagnostics.page_problems("E0100", {})),
    ("a good page", False, diagnostics.page_problems("E0100", {"E0100": "# E0100: x\n\nWrong:\n\nRight:\n"})),
]

repo.finish([f"{name}: expected {'a problem' if bad else 'none'}, found {found}"
             for name, bad, found in CASES if bool(found) != bad], len(CASES))
