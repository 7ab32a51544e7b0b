# SPDX-License-Identifier: Apache-2.0
"""What README.md and docs/ name exists: scripts that are commands, and linked files."""
import os
import re

import repo

SCRIPT = re.compile(r"(?<![\w/.-])((?:scripts|\.ci)/[\w-]+)")
LINK = re.compile(r"\]\(([^)#:\s]+)(?:#[^)]*)?\)")


def main() -> None:
    problems = []
    pages = repo.files("*.md")
    for path in pages:
        content = repo.text(path)
        for script in sorted(set(SCRIPT.findall(content))):
            if not os.access(repo.ROOT / script, os.X_OK):
                problems.append(f"{path}: names {script}, which is no program of this repository")
        for target in LINK.findall(content):
            if not (repo.ROOT / path.parent / target).exists():
                problems.append(f"{path}: links to {target}, which doesn't exist")
    readme = (repo.ROOT / "README.md").read_text(encoding="utf-8")
    head = readme[:readme.index("scripts/test") + 1] if "scripts/test" in readme else ""
    if "scripts/quickstart" not in head or head.count("\n") > 25:
        problems.append("README.md: must open with its two commands, scripts/quickstart and scripts/test")
    repo.finish(problems, len(pages))


if __name__ == "__main__":
    main()
