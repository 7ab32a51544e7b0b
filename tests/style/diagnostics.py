# SPDX-License-Identifier: Apache-2.0
"""Every diagnostic code is unique and ordered, has a page with a wrong and a right example, and appears in a test."""
import re

import repo

ROW = re.compile(r'^DIAG\("(\w+)",\s*(\w+),\s*(\w+),\s*(\w+),\s*"((?:[^"\\]|\\.)*)"', re.MULTILINE)
REGISTER = "compiler/diag/diagnostics.def"


def row_problems(code: str, severity: str, text: str) -> list[str]:
    problems = []
    if not re.fullmatch(r"[EW]\d{4}", code):
        problems.append(f"{code}: not of the form E0312 or W1100")
    if (severity == "kError") != code.startswith("E"):
        problems.append(f"{code}: its letter doesn't fit its severity {severity}")
    if text.endswith(".") or re.match(r"[A-Z][a-z]", text):
        problems.append(f"{code}: messages start lower case and have no full stop: {text}")
    return problems


def page_problems(code: str, pages: dict[str, str]) -> list[str]:
    page = pages.get(code)
    if page is None:
        return [f"{code}: docs/diagnostics/{code}.md is missing"]
    problems = []
    if not page.startswith(f"# {code}: "):
        problems.append(f"docs/diagnostics/{code}.md: must open with `# {code}: …`")
    problems += [f"docs/diagnostics/{code}.md: no `{word}` example" for word in ("Wrong:", "Right:") if word not in page]
    return problems


def main() -> None:
    rows = ROW.findall(repo.text(REGISTER))
    pages = {path.stem: repo.text(path) for path in repo.files("docs/diagnostics/[EW]*.md")}
    tests = "\n".join(repo.text(path) for path in repo.files("tests/golden", "tests/unit", "tests/cli")
                      if path.suffix != ".md")
    problems = []
    codes = [row[0] for row in rows]
    problems += [f"{code}: registered twice" for code in sorted({c for c in codes if codes.count(c) > 1})]
    for code, identifier, severity, _, text in rows:
        problems += row_problems(code, severity, text)
        problems += page_problems(code, pages)
        if f"[{code}]" not in tests and not re.search(rf"\bId::{identifier}\b|\"{code}[\" ]", tests):
            problems.append(f"{code}: no test shows it")
    problems += [f"docs/diagnostics/{code}.md: no such diagnostic" for code in pages if code not in codes]
    repo.finish(problems, len(rows))


if __name__ == "__main__":
    main()
