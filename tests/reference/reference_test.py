# SPDX-License-Identifier: Apache-2.0
"""reference_test.py BIN REFERENCE: man pages and completions against the programs' --help, read another way than the
generator reads it; and the completions of the shells that are here, asked."""
import pathlib
import re
import shutil
import subprocess
import sys
import unittest

REFERENCE = pathlib.Path(sys.argv.pop(2)).resolve()
BIN = pathlib.Path(sys.argv.pop(1)).resolve()
PAGES = {"llc": ("landlatch-llc", 1), "llrun": ("llrun", 1), "llload": ("llload", 8)}


def help_of(program: str, *path: str) -> str:
    return subprocess.run([BIN / program, *path, "--help"], check=True, capture_output=True, text=True).stdout


def options_in(text: str) -> set[str]:
    """The names at the start of lines of the list of options."""
    heads = [line.split()[0] for line in text.split("\n") if re.match(r"  -", line)]
    return {name for head in heads for name in re.findall(r"(?:^|,)(--?[A-Za-z][\w-]*)", head)}


def commands_in(text: str) -> list[str]:
    block = re.search(r"^Subcommands:\n((?:  .*\n)+)", text, re.MULTILINE)
    return re.findall(r"^  (\S+)", block[1], re.MULTILINE) if block else []


class Reference(unittest.TestCase):
    def test_every_option_and_command_is_named_everywhere(self):
        for program, (page, section) in PAGES.items():
            man = (REFERENCE / f"man/man{section}/{page}.{section}").read_text().replace("\\-", "-")
            bash = (REFERENCE / f"bash/{page}").read_text()
            zsh = (REFERENCE / f"zsh/_{page}").read_text()
            fish = (REFERENCE / f"fish/{page}.fish").read_text()
            top = help_of(program)
            options = options_in(top)
            commands = commands_in(top)
            for command in commands:
                options |= options_in(help_of(program, command))
            self.assertGreater(len(options), 5)
            for option in options:
                self.assertIn(f"\\fB{option}\\fR", man)
                self.assertRegex(bash, rf'[" ]{option}[" ]')
                self.assertIn(f"'{option}[", zsh)
                self.assertRegex(fish, rf"-l {option[2:]} " if option.startswith("--") else rf"-s {option[1:]} ")
            for file in (man, bash, zsh, fish):  # a flag takes nothing, and help is no type
                self.assertNotRegex(file, r":the exec changes|Needs")
            for command in commands:
                self.assertIn(f".SS {command}", man)
                self.assertIn(f"{command}:", zsh)
                self.assertIn(f"-a {command} ", fish)
            # And nothing that isn't: a renamed option leaves no trace.
            written = {name for line in re.findall(r"^\\fB-.*$", man, re.MULTILINE)
                       for name in re.findall(r"\\fB(-[\w-]+)\\fR", line)}
            self.assertEqual(written, options)

    def test_man_pages_are_well_formed(self):
        pages = sorted(REFERENCE.glob("man/*/*"))
        self.assertEqual(len(pages), 4)
        for page in pages:
            result = subprocess.run(["groff", "-man", "-Tutf8", "-Kutf8", "-ww", "-rLL=100n", page], capture_output=True, text=True,
                                    check=True)
            self.assertEqual(result.stderr, "", page)
            self.assertIn("NAME", re.sub(".\x08", "", result.stdout))
        policy = (REFERENCE / "man/man5/landlatch-policy.5").read_text()
        self.assertIn(".B resolve_unix", policy)
        self.assertNotRegex(policy, r"@[A-Z]+@")

    def complete(self, page: str, *words: str) -> set[str]:
        script = (f'source "{REFERENCE}/bash/{page}"; COMP_WORDS=({page} "$@"); COMP_CWORD=$#; _{page.replace("-", "_")}; '
                  'printf "%s\\n" "${COMPREPLY[@]}"')
        done = subprocess.run(["bash", "-c", script, "bash", *words], capture_output=True, text=True, check=True, cwd=REFERENCE)
        self.assertEqual(done.stderr, "")
        return set(done.stdout.split())

    def test_bash_completes(self):
        self.assertEqual(self.complete("landlatch-llc", "fm"), {"fmt"})
        self.assertEqual(self.complete("landlatch-llc", "fmt", "--c"), {"--check"})
        self.assertEqual(self.complete("landlatch-llc", "--emit", "r"), {"rulesets"})
        self.assertEqual(self.complete("landlatch-llc", "check", "--diagnostics", ""), {"text", "json"})
        self.assertEqual(self.complete("landlatch-llc", "check", "--h"), {"--help", "--host"})
        self.assertEqual(self.complete("landlatch-llc", "check", "ba"), {"bash"})
        self.assertEqual(self.complete("llload", "--backend", "s"), {"supervise"})
        self.assertEqual(self.complete("llrun", "--au"), {"--audit"})

    @unittest.skipIf(shutil.which("fish") is None, "fish is not installed")
    def test_fish_completes(self):
        for line, wanted in (("landlatch-llc fm", "fmt"), ("landlatch-llc fmt --c", "--check"),
                             ("landlatch-llc --emit r", "rulesets"), ("llload --backend s", "supervise")):
            file = REFERENCE / "fish" / (line.split()[0] + ".fish")
            done = subprocess.run(["fish", "-c", f"source {file}; complete -C '{line}'"], capture_output=True, text=True, check=True,
                                  cwd=REFERENCE)
            self.assertIn(wanted, [row.split("\t")[0] for row in done.stdout.split("\n")], line)

    @unittest.skipIf(shutil.which("zsh") is None, "zsh is not installed")
    def test_zsh_completes(self):
        # A shell on a pseudo-terminal of its own; ^X^X completes the word and tells the line.
        script = f"""
            zmodload zsh/zpty
            zpty shell zsh -f -i
            zpty -w shell "PS1= PS2= RPS1=; unsetopt beep; fpath=({REFERENCE}/zsh \\$fpath)"
            zpty -w shell "autoload -U compinit; compinit -u -D; tell() {{ zle complete-word; print -r -- \\"<<\\$BUFFER>>\\"; zle kill-whole-line }}"
            zpty -w shell "zle -N tell; bindkey '^X^X' tell; print -r -- read''y"
            zpty -r -m shell line "*ready*"
            zpty -w -n shell "$1"$'\x18\x18'
            zpty -r -m shell line "*<<*>>*"
            print -r -- "$line"
        """
        for line, wanted in (("landlatch-llc fm", "landlatch-llc fmt"), ("landlatch-llc fmt --c", "landlatch-llc fmt --check"),
                             ("landlatch-llc --emit r", "landlatch-llc --emit rulesets"),
                             ("landlatch-llc check --diagnostics j", "landlatch-llc check --diagnostics json"),
                             ("llrun --au", "llrun --audit")):
            done = subprocess.run(["zsh", "-f", "-c", script, "zsh", line], capture_output=True, text=True, check=True,
                                  cwd=REFERENCE)
            told = re.search(r"<<(.*?)>>", done.stdout)
            self.assertIsNotNone(told, done.stdout)
            self.assertEqual(told[1].rstrip(), wanted)

    def test_other_shells_accept_their_files(self):
        for shell, check in (("bash", ["bash", "-n"]), ("zsh", ["zsh", "-n"]), ("fish", ["fish", "--no-execute"])):
            if shutil.which(shell) is None:
                print(f"{shell} is not installed: its completions were not loaded", file=sys.stderr)
                continue
            for file in sorted((REFERENCE / shell).iterdir()):
                self.assertEqual(subprocess.run([*check, file], capture_output=True, text=True, check=False).stderr, "")


if __name__ == "__main__":
    unittest.main(argv=sys.argv)
