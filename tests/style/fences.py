# SPDX-License-Identifier: Apache-2.0
"""Include fences: dependencies between layers point one way, and foreign libraries stay in their layer."""
import re

import repo

# A layer may include itself, the layers listed with it, and the files of COMMON_* below.
COMPILER = {
    "compiler/support": [],
    "compiler/diag": ["compiler/support"],
    "compiler/ast": ["compiler/support"],
    "compiler/syntax": ["compiler/support", "compiler/diag", "compiler/ast"],
    "compiler/format": ["compiler/support", "compiler/ast", "compiler/syntax"],
    "compiler/ir": ["compiler/support"],
    "compiler/sema": ["compiler/support", "compiler/diag", "compiler/ast", "compiler/syntax", "compiler/ir",
                      "stdlib-policies"],
    "compiler/lint": ["compiler/support", "compiler/diag", "compiler/ast", "compiler/ir", "compiler/sema"],
    "compiler/match": ["compiler/support", "compiler/diag", "compiler/ir"],
    "compiler/lsp": ["compiler/support", "compiler/diag", "compiler/ast", "compiler/syntax", "compiler/format", "compiler/ir",
                     "compiler/sema", "compiler/lint", "compiler/match", "stdlib-policies"],
    "compiler/backend/landlock": ["compiler/support", "compiler/ir", "compiler/match"],
    "compiler/backend/gates": ["compiler/backend/bpf"],
    "compiler/backend/clang": ["compiler/backend/bpf", "compiler/backend/gates"],
    "compiler/backend/bpf": ["compiler/support"],
    "compiler/query": ["compiler/support", "compiler/diag", "compiler/ir", "compiler/sema", "compiler/match",
                       "compiler/backend/landlock", "runtime/landlock"],
    "compiler/driver": ["compiler/support", "compiler/diag", "compiler/ast", "compiler/syntax", "compiler/format", "compiler/ir",
                        "compiler/sema", "compiler/lint", "compiler/match", "compiler/backend/landlock", "compiler/backend/bpf",
                        "compiler/query", "compiler/lsp", "runtime/landlock", "runtime/trial", "stdlib-policies"],
}
RUNTIME = {
    "runtime/base": [],
    "runtime/glob": ["runtime/base"],
    "runtime/object": ["runtime/base", "runtime/glob"],
    "runtime/match": ["runtime/base", "runtime/object"],
    "runtime/landlock": ["runtime/base", "runtime/object", "runtime/glob"],
    "runtime/probe": ["runtime/base", "runtime/landlock"],
    "runtime/trial": ["runtime/base", "runtime/object", "runtime/landlock"],
    "runtime/inject": ["runtime/base"],
    "runtime/bpf": ["runtime/base", "runtime/object", "runtime/match", "runtime/landlock", "runtime/probe"],
    "runtime/tree": ["runtime/base", "runtime/object", "runtime/match", "runtime/landlock", "runtime/probe",
                     "runtime/inject"],
    "runtime/run": ["runtime/base", "runtime/object", "runtime/match", "runtime/landlock", "runtime/probe",
                    "runtime/inject", "runtime/tree"],
    "runtime/supervise": ["runtime/base", "runtime/object", "runtime/match", "runtime/landlock", "runtime/probe",
                          "runtime/inject", "runtime/bpf"],
    "runtime/series": ["runtime/base", "runtime/object", "runtime/bpf", "runtime/supervise"],
    "runtime/load": ["runtime/base", "runtime/object", "runtime/match", "runtime/landlock", "runtime/probe",
                     "runtime/bpf", "runtime/supervise", "runtime/series"],
}
LAYERS = {**COMPILER, **RUNTIME, "stdlib-policies": [], "bpf-templates": []}

# What every compiler layer may use of the runtime; the runtime itself never includes the compiler.
COMPILER_MAY = re.compile(r"runtime/(base|glob|object|match)/|runtime/landlock/abi\.h$|bpf-templates/")
RUNTIME_MAY = re.compile(r"bpf-templates/|runtime/landlock/abi\.h$")

# Foreign headers and the only places that may name them.
FOREIGN = [
    (re.compile(r"(antlr4-runtime\.h|antlr4-runtime/|PolicyLexer|PolicyParser|LandlatchLexer|LandlatchParser)"),
     ["compiler/syntax"]),
    (re.compile(r"(llvm|llvm-c|clang|clang-c|lld)/"), ["compiler/backend/gates", "compiler/backend/clang"]),
    (re.compile(r"bpf/(libbpf|bpf|btf)\.h"), ["runtime/bpf", "tests"]),
    (re.compile(r"CLI/"), ["compiler/driver", "runtime/run", "runtime/load"]),
    (re.compile(r"(gtest|gmock)/"), ["tests"]),
    (re.compile(r"benchmark/"), ["benchmarks"]),
]

INCLUDE = re.compile(r'^\s*#\s*include\s+([<"])([^>"]+)[>"]', re.MULTILINE)


def layer_of(path: str) -> str | None:
    """The longest layer that holds the path."""
    found = [layer for layer in LAYERS if path.startswith(layer + "/")]
    return max(found, key=len) if found else None


def check(path: str, content: str) -> list[str]:
    """What is wrong with the includes of one file."""
    problems = []
    layer = layer_of(path)
    if layer is None and path.startswith(("compiler/", "runtime/")):
        return [f"{path}: in no known layer; add its folder to tests/style/fences.py"]
    for _, target in INCLUDE.findall(content):
        for pattern, homes in FOREIGN:
            if pattern.match(target) and not any(path.startswith(home + "/") for home in homes):
                problems.append(f"{path}: includes {target}, which only {' and '.join(homes)} may")
        other = layer_of(target)
        if layer is None or other is None or other == layer or other in LAYERS[layer]:
            continue
        may = COMPILER_MAY if layer in COMPILER else RUNTIME_MAY if layer in RUNTIME else None
        if may is None or not may.match(target):
            problems.append(f"{path}: {layer} must not include {target}")
    return problems


if __name__ == "__main__":
    sources = repo.files("*.cpp", "*.h", "*.c")
    repo.finish([p for path in sources for p in check(str(path), repo.text(path))], len(sources))
