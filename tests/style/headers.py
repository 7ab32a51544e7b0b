# SPDX-License-Identifier: Apache-2.0
"""Every source file has its licence line, no file names a place on somebody's machine, none is outgrown."""
import re

import repo

SPDX = re.compile(r"SPDX-License-Identifier: (.+?)(?: \*/)?\s*$")
LICENCES = [("bpf-templates/", "GPL-2.0-only OR MIT"), ("tests/kernel/", "GPL-2.0-only"), ("", "Apache-2.0")]
# What a build or CMake file of those folders says of itself.
BUILD_FILES = re.compile(r"(^|/)CMakeLists\.txt$|\.cmake$|\.md$")
MACHINE = re.compile(r"(?<!\w\")(?<![\w.}])/(home/(?!\*)[a-z]\w*/(?!\.)|root/|work/|tmp/b-)")
SOURCES = ["*.cpp", "*.h", "*.c", "*.g4", "*.py", "*.cmake", "*CMakeLists.txt", "scripts/*", ".ci/*", "compiler/*.def"]


def licence(path: str, content: str) -> list[str]:
    found = None
    for line in content.splitlines()[:3]:
        match = SPDX.search(line)
        if match:
            found = match.group(1)
            break
    if found is None:
        return [f"{path}: no SPDX line at the top"]
    # BPF programs carry the kernel's licence wherever they stand.
    wanted = "GPL-2.0-only OR MIT" if path.endswith(".bpf.c") and not path.startswith("tests/kernel/") else next(name for prefix, name in LICENCES if path.startswith(prefix))
    if found != wanted and not (found == "Apache-2.0" and BUILD_FILES.search(path)):
        return [f"{path}: its licence is {found}; files of this folder are {wanted}"]
    return []


def machine_paths(path: str, content: str) -> list[str]:
    return [f"{path}:{number}: names a place on one machine: {line.strip()[:100]}"
            for number, line in enumerate(content.splitlines(), 1) if MACHINE.search(line)]


def main() -> None:
    problems = []
    sources = repo.files(*SOURCES)
    for path in sources:
        content = repo.text(path)
        problems += licence(str(path), content)
        lines = content.count("\n")
        if path.suffix in (".cpp", ".h", ".c") and lines > 700:
            problems.append(f"{path}: {lines} lines; split it (about 500 is the aim)")
    for path in repo.files():
        # Policies and their expectations speak of /home and /root, as policies do; so do tests of paths.
        if path.suffix not in (".ll", ".png") and not str(path).startswith(("tests/", "docs/diagnostics/")):
            problems += machine_paths(str(path), repo.text(path))
    repo.finish(problems, len(sources))


if __name__ == "__main__":
    main()
