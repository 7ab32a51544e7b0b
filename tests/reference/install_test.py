# SPDX-License-Identifier: Apache-2.0
"""install_test.py BUILD: what `cmake --install` puts where, and that the installed files work from there."""
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

BUILD = pathlib.Path(sys.argv.pop(1)).resolve()


def install(prefix: pathlib.Path, *arguments: str, **environment: str) -> str:
    return subprocess.run(["cmake", "--install", BUILD, "--prefix", prefix, *arguments], check=True, capture_output=True,
                          text=True, env={**os.environ, **environment}).stdout


class Install(unittest.TestCase):
    def setUp(self):
        self.directory = tempfile.TemporaryDirectory()
        self.prefix = pathlib.Path(self.directory.name) / "landlatch"

    def tearDown(self):
        self.directory.cleanup()

    def test_the_reference_lands_where_its_readers_look(self):
        install(self.prefix, "--component", "reference")
        share = self.prefix / "share"
        found = {str(path.relative_to(share)) for path in share.rglob("*") if path.is_file()}
        self.assertEqual(found, {
            "man/man1/landlatch-llc.1", "man/man1/llrun.1", "man/man8/llload.8", "man/man5/landlatch-policy.5",
            *(f"bash-completion/completions/{name}" for name in ("landlatch-llc", "llrun", "llload")),
            *(f"zsh/site-functions/_{name}" for name in ("landlatch-llc", "llrun", "llload")),
            *(f"fish/vendor_completions.d/{name}.fish" for name in ("landlatch-llc", "llrun", "llload"))})
        self.assertEqual([path.name for path in self.prefix.iterdir()], ["share"])

    @unittest.skipIf(shutil.which("man") is None, "man is not installed; groff reads the pages in reference_test.py")
    def test_man_shows_the_pages_without_warnings(self):
        install(self.prefix, "--component", "reference")
        for page in (self.prefix / "share/man").rglob("*.[158]"):
            shown = subprocess.run(["man", "--warnings", "-E", "UTF-8", "-l", page], capture_output=True, text=True, check=True,
                                   env={**os.environ, "MANWIDTH": "100", "PAGER": "cat", "MANPAGER": "cat"})
            self.assertEqual(shown.stderr, "", page)
            self.assertIn("NAME", shown.stdout)
            self.assertGreater(len(shown.stdout), 1000)

    def test_man_finds_them_by_name(self):
        if shutil.which("man") is None:
            self.skipTest("man is not installed")
        install(self.prefix, "--component", "reference")
        for name, section in (("landlatch-llc", 1), ("llrun", 1), ("llload", 8), ("landlatch-policy", 5)):
            where = subprocess.run(["man", "-M", self.prefix / "share/man", "-w", str(section), name], capture_output=True,
                                   text=True, check=True).stdout.strip()
            self.assertEqual(where, str(self.prefix / f"share/man/man{section}/{name}.{section}"))

    def test_editors_find_their_files(self):
        install(self.prefix, "--component", "editors")
        vim = self.prefix / "share/landlatch/editors/vim"
        for name in ("syntax/landlatch.vim", "indent/landlatch.vim", "ftdetect/landlatch.vim", "ftplugin/landlatch.vim",
                     "compiler/landlatch.vim", "lua/landlatch/init.lua"):
            self.assertTrue((vim / name).is_file(), name)
        code = self.prefix / "share/landlatch/editors/vscode"
        self.assertTrue(os.access(code / "package", os.X_OK))
        for name in ("package.json", "package-lock.json", "language-configuration.json", "src", "snippets", "syntaxes"):
            self.assertTrue((code / name).exists(), name)
        self.assertFalse((code / "node_modules").exists())
        if shutil.which("nvim"):
            # From its place, Neovim knows a policy by its content.
            policy = self.prefix / "p.ll"
            policy.write_text("abi 7\nruleset r { allow read beneath /usr }\n")
            told = subprocess.run(
                ["nvim", "--headless", "-u", "NONE", "-i", "NONE", "--cmd", f"set rtp^={vim}", "-c", "filetype plugin indent on",
                 "-c", f"edit {policy}", "-c", "lua io.stdout:write(vim.bo.filetype)", "-c", "qall!"],
                capture_output=True, text=True, check=True, env={**os.environ, "HOME": self.directory.name})
            self.assertEqual(told.stdout.strip(), "landlatch")

    def test_the_compiler_never_takes_the_name_of_another(self):
        install(self.prefix, "--component", "llc")
        programs = self.prefix / "bin"
        self.assertEqual(sorted(path.name for path in programs.iterdir()), ["landlatch-llc", "llc"])
        self.assertEqual(os.readlink(programs / "llc"), "landlatch-llc")
        told = subprocess.run([programs / "llc", "--version"], check=True, capture_output=True, text=True).stdout
        self.assertIn("landlatch", told.lower())
        # Another program's llc stays; in /usr there is never one.
        (programs / "llc").unlink()
        (programs / "llc").write_text("LLVM's")
        self.assertIn("another program", install(self.prefix, "--component", "llc"))
        self.assertEqual((programs / "llc").read_text(), "LLVM's")
        stage = pathlib.Path(self.directory.name) / "stage"
        install(pathlib.Path("/usr"), "--component", "llc", DESTDIR=str(stage))
        self.assertEqual([path.name for path in (stage / "usr/bin").iterdir()], ["landlatch-llc"])


if __name__ == "__main__":
    unittest.main(argv=sys.argv)
