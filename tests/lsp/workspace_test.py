# SPDX-License-Identifier: Apache-2.0
"""workspace_test.py LLC: names across files: open documents, the editor's folders, and the toolchain's own library."""
import os
import pathlib
import stat
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from client import Server

LLC = sys.argv.pop(1)

LIBRARY = """abi 7
let ports = [80, 443]
ruleset common { allow read beneath /srv }
ruleset _private { allow tcp connect $ports }
ruleset both extends common, _private { allow read beneath /opt }
"""
USER = """abi 7
import {} as l
ruleset mine extends l.common {{ allow tcp connect ${{l.ports}} }}
when under unit x always apply mine, l.common with nnp
"""


class Workspace(unittest.TestCase):
    def setUp(self):
        self.directory = tempfile.TemporaryDirectory()
        self.folder = pathlib.Path(self.directory.name).resolve()
        self.project = self.folder / "project"
        self.texts = {
            "lib.ll": LIBRARY,
            "a.ll": USER.format("./lib"),
            "deep/er/b.ll": USER.format("../../lib"),
            "deep/lib.ll": LIBRARY,  # another file of that name
            "deep/c.ll": USER.format("./lib"),
            "ir.ll": "; ModuleID = 'x' import lib\ndefine i32 @common() { ret i32 0 }\n",
            ".git/d.ll": USER.format("../lib"),
            "node_modules/e.ll": USER.format("../lib"),
        }
        for name, text in self.texts.items():
            path = self.project / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        os.symlink("..", self.project / "deep" / "loop")
        os.symlink("a.ll", self.project / "a-again.ll")
        self.cache = self.folder / "cache"
        self.server = Server(LLC, folders=[self.project], environment={"XDG_CACHE_HOME": str(self.cache)})

    def tearDown(self):
        self.server.kill()
        self.cache.exists() and [path.chmod(0o700) for path in self.cache.rglob("*") if path.is_dir()]
        self.directory.cleanup()

    def open(self, name: str, text: str | None = None):
        return self.server.open(self.project / name, self.texts.get(name) if text is None else text)

    def places(self, document, mark: str, into: int = 0, declaration: bool = True) -> list[str]:
        """"NAME:LINE" of each, lines from 1."""
        found = document.ask("references", mark, into, context={"includeDeclaration": declaration})
        prefix = self.project.as_uri() + "/"
        return sorted(f"{place['uri'].removeprefix(prefix)}:{place['range']['start']['line'] + 1}" for place in found)

    def test_references_are_looked_for_below_the_folders(self):
        library = self.open("lib.ll")
        everywhere = ["a.ll:3", "a.ll:4", "deep/er/b.ll:3", "deep/er/b.ll:4", "lib.ll:3", "lib.ll:5"]
        self.assertEqual(self.places(library, "common"), everywhere)
        self.assertEqual(self.places(library, "common", declaration=False), [p for p in everywhere if p != "lib.ll:3"])
        self.assertEqual(self.places(library, "ports"), ["a.ll:3", "deep/er/b.ll:3", "lib.ll:2", "lib.ll:4"])
        self.assertEqual(self.places(library, "_private"), ["lib.ll:4", "lib.ll:5"])
        # From a file that uses it, the same.
        self.assertEqual(self.places(self.open("a.ll"), "l.common", 3), everywhere)
        self.assertEqual(self.places(self.open("deep/c.ll"), "l.common", 3),
                         ["deep/c.ll:3", "deep/c.ll:4", "deep/lib.ll:3", "deep/lib.ll:5"])

    def test_open_documents_count_as_they_are_in_the_editor(self):
        library = self.open("lib.ll")
        self.open("a.ll", "abi 7\n# nothing is imported any more\n")
        elsewhere = self.server.open(self.folder / "outside.ll", USER.format("./project/lib"))
        self.open("deep/new.ll", USER.format("../lib"))  # not saved
        prefix = self.project.as_uri() + "/"
        outside = elsewhere.uri.removeprefix(prefix)
        self.assertEqual(self.places(library, "common"),
                         sorted(["deep/er/b.ll:3", "deep/er/b.ll:4", "deep/new.ll:3", "deep/new.ll:4", "lib.ll:3",
                                 "lib.ll:5", f"{outside}:3", f"{outside}:4"]))

    def test_rename_changes_every_file(self):
        library = self.open("lib.ll")
        changes = library.ask("rename", "common", newName="shared")["changes"]
        self.assertEqual(set(changes), {(self.project / name).as_uri() for name in ("lib.ll", "a.ll", "deep/er/b.ll")})
        for name in ("lib.ll", "a.ll", "deep/er/b.ll"):
            document = self.open(name)
            self.assertEqual(document.applied(changes[document.uri]), self.texts[name].replace("common", "shared"))

    def refusal(self, document, mark: str, name: str) -> str:
        answer = self.server.request("textDocument/rename", {
            "textDocument": {"uri": document.uri}, "position": document.position(mark), "newName": name})
        return answer["error"]["message"]

    def test_rename_refuses_what_would_break_other_files(self):
        library = self.open("lib.ll")
        self.assertIn("is private, and", self.refusal(library, "common", "_common"))
        user = self.open("a.ll", self.texts["a.ll"] + "ruleset {\n# common\n")
        self.assertIn("a.ll has syntax errors", self.refusal(library, "common", "shared"))
        user.change("abi 7\nimport ./lib\nwhen under unit x always apply lib with nnp\n")
        library.change(LIBRARY + "ruleset lib { allow read beneath /mnt }\n")
        self.assertIn("namespace alone", self.refusal(library, "lib {", "shared"))

    def test_folders_come_and_go(self):
        library = self.open("lib.ll")
        folder = {"uri": self.project.as_uri(), "name": "project"}
        self.server.tell("workspace/didChangeWorkspaceFolders", {"event": {"added": [], "removed": [folder]}})
        self.assertEqual(self.places(library, "common"), ["lib.ll:3", "lib.ll:5"])
        self.server.tell("workspace/didChangeWorkspaceFolders", {"event": {"added": [folder], "removed": []}})
        self.assertEqual(len(self.places(library, "common")), 6)

    def test_a_root_uri_is_a_folder_too(self):
        other = Server(LLC, initialize=False)
        other.ask("initialize", {"capabilities": {}, "rootUri": self.project.as_uri(), "workspaceFolders": None})
        library = other.open(self.project / "lib.ll", LIBRARY)
        self.assertEqual(len(self.places(library, "common")), 6)
        other.kill()

    def test_definitions_in_the_library_are_files_to_read(self):
        text = "abi 7\nimport std/python\nwhen under unit x always apply python.runtime with nnp\n"
        document = self.open("p.ll", text)
        target = document.ask("definition", "python.runtime", 8)
        path = self.cache / "landlatch" / "std" / "python.ll"
        self.assertEqual(target["uri"], path.as_uri())
        self.assertEqual(stat.S_IMODE(path.stat().st_mode), 0o444)
        line = path.read_text().splitlines()[target["range"]["start"]["line"]]
        self.assertTrue(line[target["range"]["start"]["character"]:].startswith("runtime"), line)
        # In that file the editor goes on: to what it imports, and back.
        library = self.server.open(path, path.read_text())
        self.assertEqual(library.diagnostics(), [])
        self.assertIn(f"{document.uri}:3", [f"{p['uri']}:{p['range']['start']['line'] + 1}" for p in library.ask(
            "references", "ruleset runtime", 8, context={"includeDeclaration": False})])
        base = library.ask("definition", "extends base", 10)
        self.assertEqual(base["uri"], (self.cache / "landlatch" / "std" / "base.ll").as_uri())
        # Nobody renames there.
        self.assertIsNone(library.ask("prepareRename", "ruleset runtime", 8))
        self.assertIsNone(document.ask("prepareRename", "python.runtime", 8))

    def test_at_an_import_the_definition_is_the_file(self):
        document = self.open("a.ll", "abi 7\nimport ./lib\nimport std/base\nimport ./none\n")
        start = {"line": 0, "character": 0}
        for mark, uri in (("lib", (self.project / "lib.ll").as_uri()),
                          ("base", (self.cache / "landlatch" / "std" / "base.ll").as_uri())):
            self.assertEqual(document.ask("definition", mark, 1), {"uri": uri, "range": {"start": start, "end": start}})
        self.assertEqual(document.ask("definition", "none", 1)["uri"], document.uri)  # there is no such file

    def test_a_stale_copy_of_the_library_is_replaced(self):
        path = self.cache / "landlatch" / "std" / "base.ll"
        path.parent.mkdir(parents=True)
        path.write_text("# older\n")
        document = self.open("p.ll", "abi 7\nimport std/base\nruleset x extends base { allow read beneath /srv }\n")
        self.assertEqual(document.ask("definition", "extends base", 9)["uri"], path.as_uri())
        self.assertIn("ruleset base", path.read_text())

    def test_without_a_place_for_the_library_there_is_no_definition(self):
        self.cache.write_text("a file is in the way")
        document = self.open("p.ll", "abi 7\nimport std/base\nruleset x extends base { allow read beneath /srv }\n")
        self.assertIsNone(document.ask("definition", "extends base", 9))
        self.assertEqual(self.places(document, "extends base", 9), ["p.ll:3"])


if __name__ == "__main__":
    unittest.main(argv=sys.argv, verbosity=1)
