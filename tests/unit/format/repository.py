# SPDX-License-Identifier: Apache-2.0
"""repository.py LLC: `LLC fmt --check` on every policy of the repository, and on every whole policy (one that opens with
`abi`) that the documentation shows. EXEMPT says what is left out and why."""
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[3]
EXEMPT = [
    (r"tests/golden/", "the front end's own input: other spellings, broken text and places that expectations name"),
    (r"tests/fuzz/seeds/", "start inputs of fuzzers, odd on purpose"),
    (r"tests/cli/.*/in/", "inputs of single tests, whose expected messages name their lines; some are wrong on purpose"),
    (r"tests/editors/(sample|llvm_ir)\.ll", "every spelling once, for the editors' grammars; LLVM IR"),
    (r"tests/lsp/", "inputs of the language server's tests, which name lines and columns"),
]
FENCED = re.compile(r"(?:^(?:    .*|[ \t]*)\n)+", re.MULTILINE)


def shown_policies(text: str) -> list[str]:
    """Blocks of a Markdown file that are whole policies, without their indentation."""
    blocks = re.findall(r"^```\w*\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    blocks += ["\n".join(line[4:] for line in block.split("\n")) for block in FENCED.findall(text)]
    return [block.strip("\n") + "\n" for block in blocks if re.match(r"(#.*\n|\s)*abi \d", block.strip("\n"))]


def main() -> int:
    llc = sys.argv[1]
    names = subprocess.run(["git", "ls-files", "--cached", "--others", "--exclude-standard", "*.ll"], cwd=ROOT,
                           check=True, capture_output=True, text=True).stdout.split()
    policies = [name for name in names if not any(re.match(pattern, name) for pattern, _ in EXEMPT)]
    assert len(policies) > 5, policies
    failed = subprocess.run([llc, "fmt", "--diff", "--check", *policies], cwd=ROOT, check=False).returncode != 0
    shown = 0
    for page in sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("editors/**/*.md")]):
        if page.parent.name == "diagnostics":  # the fewest lines that show one mistake, and that are wrong
            continue
        for policy in shown_policies(page.read_text()):
            shown += 1
            result = subprocess.run([llc, "fmt", "--diff", "--check", "-"], input=policy, text=True, check=False)
            if result.returncode != 0:
                print(f"{page.relative_to(ROOT)}: a policy it shows is not formatted")
                failed = True
    print(f"{len(policies)} policies, {shown} shown in the documentation")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
