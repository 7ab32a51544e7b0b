# SPDX-License-Identifier: Apache-2.0
"""The project's own files, and how a style test ends."""
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]


def files(*patterns: str) -> list[pathlib.PurePosixPath]:
    """Tracked and new files that match, without what .gitignore names and without deleted ones."""
    out = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--", *patterns],
        cwd=ROOT, check=True, capture_output=True, text=True).stdout
    return [pathlib.PurePosixPath(name) for name in sorted(set(out.split("\0"))) if name and (ROOT / name).is_file()]


def text(path: pathlib.PurePosixPath) -> str:
    return (ROOT / path).read_text(encoding="utf-8", errors="replace")


def finish(problems: list[str], looked_at: int) -> None:
    """Prints the problems and leaves; nothing looked at is a problem too."""
    if looked_at == 0:
        problems = ["nothing was looked at: the test itself is broken"]
    for problem in problems:
        print(problem)
    print(f"{looked_at} looked at, {len(problems)} problems")
    sys.exit(1 if problems else 0)
