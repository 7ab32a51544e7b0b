# SPDX-License-Identifier: Apache-2.0
"""features_test.py LLC: what the language server answers, question by question."""
import pathlib
import sys
import tempfile
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from client import Server

LLC = sys.argv.pop(1)

POLICY = """abi 7
import std/base
import ./lib as library

# The state.
param state: path = /var/lib/app
let web_ports = [80, 443, 8000..8010]
let all_ports = [$web_ports, 9000]

ruleset web extends base, library.common {
    allow read, execute beneath /usr
    allow write beneath $state
    allow tcp connect $all_ports
}

# größer
rule web: when exec matches /usr/bin/web* under unit web user www-data
    apply web with nnp
when under unit web, mail always apply library.held with nnp

test "web runs confined" {
    exec /usr/bin/web under unit web user www-data
    expect apply web, library.held with nnp
}
"""
LIBRARY = """abi 7
ruleset common { allow read beneath /srv }
ruleset held { allow read, execute beneath / }
"""


class Features(unittest.TestCase):
    def setUp(self):
        self.directory = tempfile.TemporaryDirectory()
        self.folder = pathlib.Path(self.directory.name).resolve()
        (self.folder / "lib.ll").write_text(LIBRARY)
        self.server = Server(LLC)
        self.policy = self.server.open(self.folder / "policy.ll", POLICY)

    def tearDown(self):
        self.server.kill()
        self.directory.cleanup()

    def labels(self, text: str, mark: str) -> set[str]:
        self.policy.change(text)
        items = self.policy.ask("completion", mark, len(mark))["items"]
        return {item["label"] for item in items}

    def test_a_policy_without_faults_has_no_diagnostics(self):
        self.assertEqual(self.policy.diagnostics(), [])

    def test_diagnostics_follow_the_text(self):
        self.policy.change(POLICY.replace("allow read, execute", "allow raed, execute"))
        [diagnostic] = self.policy.diagnostics()
        self.assertEqual((diagnostic["code"], diagnostic["severity"]), ("E0300", 1))
        self.assertEqual(diagnostic["range"]["start"], self.policy.position("raed"))
        self.policy.change(POLICY.replace("apply web with nnp", "apply web"))
        self.assertIn("W1504", [d["code"] for d in self.policy.diagnostics()])
        self.policy.change(POLICY)
        self.assertEqual(self.policy.diagnostics(), [])

    def test_unsaved_imports_are_what_counts(self):
        self.policy.diagnostics()
        library = self.server.open(self.folder / "lib.ll", LIBRARY.replace("common", "renamed"))
        codes = []
        while not codes:
            codes = [d["code"] for d in self.policy.diagnostics()]
        self.assertEqual(codes, ["E0200"])
        new = self.server.open(self.folder / "new.ll", "abi 7\nruleset fresh { allow read beneath /srv }\n")
        self.policy.change("abi 7\nimport ./new\nwhen under unit x always apply new.fresh with nnp\n")
        self.assertEqual(self.policy.diagnostics(), [])
        self.assertIsNotNone(self.policy.ask("definition", "fresh", 2))
        self.assertTrue(library.uri and new.uri)

    def test_faults_of_an_import_show_at_the_import(self):
        self.server.open(self.folder / "lib.ll", LIBRARY + "allow\n")
        found = []
        while not found:
            found = self.policy.diagnostics()
        self.assertEqual(found[0]["range"]["start"], self.policy.position("import std/base"))
        self.assertIn("lib.ll:4:1", found[0]["message"])

    def test_completion_knows_the_place(self):
        self.assertLessEqual({"ruleset", "when", "import"}, self.labels("abi 7\n", "abi 7\n"))
        self.assertLessEqual({"read", "read_file", "beneath", "tcp"}, self.labels("abi 7\nruleset x {\n allow re", "allow re"))
        self.assertLessEqual({"except", "optional"}, self.labels("ruleset x {\n allow read beneath /usr ", "/usr "))
        self.assertLessEqual({"allow", "leave", "log"}, self.labels("ruleset x {\n ", "{\n "))
        self.assertLessEqual({"std/base", "std/python", "./lib"}, self.labels("import ", "import "))
        self.assertLessEqual({"web", "base.loader", "library.common", "nnp"},
                             self.labels(POLICY + "when exec matches /x apply ", "/x apply "))
        self.assertLessEqual({"$web_ports", "$state"}, self.labels(POLICY + "let y = $", "let y = $"))
        self.assertLessEqual({"exec", "under", "setuid", "apply"}, self.labels("when ex", "when ex"))
        self.assertLessEqual({"signal", "abstract_unix_socket"}, self.labels("ruleset x {\n isolate ", "isolate "))
        self.assertLessEqual({"expect", "exec", "given"}, self.labels('test "x" {\n ', "{\n "))
        self.assertEqual(self.labels("# when ", "# when "), set())

    def test_completion_of_paths_reads_the_disk(self):
        (self.folder / "etc").mkdir()
        (self.folder / "etc" / "app.conf").touch()
        mark = f"beneath {self.folder}/e"
        self.assertEqual(self.labels("ruleset x {\n allow read " + mark, mark), {f"{self.folder}/etc"})
        mark = f"file {self.folder}/etc/"
        self.assertEqual(self.labels("ruleset x {\n allow read " + mark, mark), {f"{self.folder}/etc/app.conf"})

    def test_completion_says_when_there_is_more(self):
        large = self.folder / "large"
        large.mkdir()
        for number in range(600):
            (large / f"f{number}").touch()
        self.policy.change(f"abi 7\nruleset r {{ allow read beneath {large}/ }}\n")
        answer = self.policy.ask("completion", f"{large}/", len(f"{large}/"))
        self.assertEqual((len(answer["items"]), answer["isIncomplete"]), (500, True))
        self.policy.change(f"abi 7\nruleset r {{ allow read beneath {self.folder}/l }}\n")
        self.assertFalse(self.policy.ask("completion", "/l ", 2)["isIncomplete"])

    def test_no_token_goes_over_a_line(self):
        text = 'abi 7\nlet a = "/usr/x\\\nlet b = /usr/\\\nlet c = 80\n'
        self.policy.change(text)
        data = self.policy.ask("semanticTokens/full")["data"]
        line = column = 0
        ends = []
        for i in range(0, len(data), 5):
            line, column = line + data[i], data[i + 1] + (0 if data[i] else column)
            ends.append(column + data[i + 2] <= len(text.split("\n")[line]))
        self.assertEqual(ends, [True] * len(ends))
        self.assertEqual(line, 3)

    def test_a_warning_of_an_import_is_not_taken_back_at_it(self):
        (self.folder / "udp.ll").write_text("abi 10\nruleset q { allow tcp connect 80\n leave udp unrestricted }\n")
        self.policy.change("abi 10\nimport ./udp\nwhen under unit x apply udp.q\n")
        self.assertEqual(sorted(d["code"] for d in self.policy.diagnostics()), ["W1301", "W1504"])
        whole = {"start": {"line": 0, "character": 0}, "end": {"line": 9, "character": 0}}
        titles = [action["title"] for action in self.policy.ask("codeAction", range=whole, context={})]
        self.assertEqual(titles, ["take W1504 back here, with a reason"])

    def test_a_completion_replaces_what_is_written(self):
        self.policy.change("abi 7\nruleset x {\n    allow exe")
        items = self.policy.ask("completion", "exe", 3)["items"]
        edit = next(item["textEdit"] for item in items if item["label"] == "execute")
        self.assertTrue(self.policy.applied([edit]).endswith("allow execute"))

    def hover(self, mark: str, into: int = 1) -> str:
        found = self.policy.ask("hover", mark, into)
        return found["contents"]["value"] if found else ""

    def test_hover_tells_what_words_mean(self):
        self.assertIn("read_dir", self.hover("read, execute"))
        self.assertIn("ABI 1, Linux 5.13", self.hover("execute beneath"))
        self.assertIn("ABI 4, Linux 6.7", self.hover("connect"))
        self.assertIn("`let all_ports` = `80, 443, 8000..8010, 9000`", self.hover("$all_ports", 3))
        self.assertIn("set when the policy is loaded", self.hover("$state", 2))
        self.assertIn("matches: `exec matches /usr/bin/web* under unit web user www-data`", self.hover("rule web", 6))
        self.assertIn("ruleset common", self.hover("library.common", 10))
        self.assertEqual(self.hover("# The state", 3), "")

    def test_hover_on_a_rule_that_loses_says_why(self):
        self.policy.change("abi 7\nruleset a { allow read beneath /usr }\n"
                           "rule lost: when exec matches /usr/bin/id under unit x apply a with nnp\n"
                           "rule wins: when exec matches /usr/bin/id under unit x deny\n")
        self.assertIn("W1600", [d["code"] for d in self.policy.diagnostics()])
        self.assertIn("never decides", self.hover("rule lost", 6))

    def test_definition_and_references(self):
        target = self.policy.ask("definition", "library.common", 10)
        self.assertTrue(target["uri"].endswith("/lib.ll"))
        self.assertEqual(target["range"]["start"], {"line": 1, "character": 8})
        self.assertEqual(self.policy.ask("definition", "$web_ports", 3)["range"]["start"],
                         self.policy.position("web_ports"))
        self.assertEqual(len(self.policy.ask("references", "ruleset web", 9, context={"includeDeclaration": True})), 3)
        self.assertEqual(len(self.policy.ask("references", "ruleset web", 9, context={"includeDeclaration": False})), 2)
        self.assertEqual(len(self.policy.ask("references", "as library", 4, context={"includeDeclaration": False})), 3)

    def renamed(self, mark: str, into: int, name: str) -> str:
        changes = self.policy.ask("rename", mark, into, newName=name)["changes"]
        return self.policy.applied(changes[self.policy.uri])

    def test_rename(self):
        self.assertEqual(self.renamed("ruleset web", 9, "site"),
                         POLICY.replace("ruleset web", "ruleset site").replace("apply web", "apply site"))
        self.assertEqual(self.renamed("let web_ports", 5, "p"), POLICY.replace("web_ports", "p"))
        self.assertEqual(self.renamed("as library", 4, "l"), POLICY.replace("library", "l"))
        self.assertEqual(self.renamed("import std/base", 9, "b"),
                         POLICY.replace("std/base", "std/base as b").replace("extends base", "extends b"))
        changes = self.policy.ask("rename", "library.common", 10, newName="shared")["changes"]
        self.assertEqual(len(changes), 2)
        self.assertEqual(self.policy.applied(changes[self.policy.uri]), POLICY.replace("library.common", "library.shared"))

    def test_rename_refuses_what_would_break(self):
        params = {"textDocument": {"uri": self.policy.uri}, "position": self.policy.position("ruleset web", 9)}
        for name, why in (("when", "keyword"), ("a b", "cannot be a name"), ("a.b", "cannot be a name"),
                          ("library", "namespace"), ("", "cannot be a name")):
            answer = self.server.request("textDocument/rename", {**params, "newName": name})
            self.assertIn(why, answer["error"]["message"])

    def test_symbols_folding_and_tokens(self):
        names = [symbol["name"] for symbol in self.policy.ask("documentSymbol")]
        self.assertEqual(names, ["base", "library", "state", "web_ports", "all_ports", "web", "web", "web runs confined",
                                 "when under unit web, mail"])
        folds = self.policy.ask("foldingRange")
        self.assertIn({"startLine": 9, "endLine": 13}, folds)
        kinds = self.server.capabilities["semanticTokensProvider"]["legend"]["tokenTypes"]
        data = self.policy.ask("semanticTokens/full")["data"]
        line = column = 0
        seen = {}
        lines = POLICY.split("\n")
        for delta_line, delta, length, kind, _ in zip(*[iter(data)] * 5):
            column = delta if delta_line else column + delta
            line += delta_line
            seen.setdefault(lines[line][column:column + length], kinds[kind])
        for word, kind in (("ruleset", "keyword"), ("library", "namespace"), ("state", "parameter"), ("# größer", "comment"),
                           ("web_ports", "variable"), ("execute", "enumMember"), ("443", "number"), ("/usr", "string")):
            self.assertEqual(seen.get(word), kind, word)

    def test_formatting(self):
        self.policy.change("abi   7\nlet x = \"/usr\" # ü\n")
        self.assertEqual(self.policy.applied(self.policy.ask("formatting", options={})), "abi 7\nlet x = /usr  # ü\n")
        self.policy.change("abi 7\n")
        self.assertEqual(self.policy.ask("formatting", options={}), [])
        self.policy.change("abi\n")
        self.assertIsNone(self.policy.ask("formatting", options={}))

    def test_code_actions_mend_and_take_back(self):
        self.policy.change(POLICY.replace("allow read, execute", "allow read, exceute"))
        [diagnostic] = self.policy.diagnostics()
        actions = self.policy.ask("codeAction", range=diagnostic["range"], context={"diagnostics": []})
        self.assertEqual(self.policy.applied(actions[0]["edit"]["changes"][self.policy.uri]), POLICY)
        self.policy.change(POLICY.replace("apply web with nnp", "apply web", 1))
        diagnostic = next(d for d in self.policy.diagnostics() if d["code"] == "W1504")
        actions = self.policy.ask("codeAction", range=diagnostic["range"], context={"diagnostics": []})
        changed = self.policy.applied(actions[-1]["edit"]["changes"][self.policy.uri])
        self.assertIn("# llc: allow W1504 because \nrule web:", changed)
        self.policy.change(changed.replace("because ", "because a test says so "))
        self.assertNotIn("W1504", [d["code"] for d in self.policy.diagnostics()])

    def test_columns_are_utf16_unless_agreed(self):
        text = "abi 7\nlet 𝒳 = /usr\nlet x = \"/ü𝒳\" let\n"
        self.policy.change(text)
        found = self.policy.diagnostics()
        self.assertTrue(any(d["range"]["start"] == self.policy.position("𝒳") for d in found), found)
        other = Server(LLC, utf8=True)
        self.assertEqual(other.capabilities["positionEncoding"], "utf-8")
        document = other.open(self.folder / "utf8.ll", "abi 7 # üü\nlet x = /a\n")
        other.tell("textDocument/didChange", {
            "textDocument": {"uri": document.uri, "version": 2},
            "contentChanges": [{"range": {"start": {"line": 0, "character": 8}, "end": {"line": 0, "character": 12}},
                                "text": "u"}]})
        [edit] = document.ask("formatting", options={})
        self.assertEqual(edit["newText"], "abi 7  # u\nlet x = /a\n")
        other.kill()

    def test_edits_are_applied_in_order(self):
        def place(line, character):
            return {"line": line, "character": character}
        self.policy.change("abi 7\nlet ü = /usr\n")
        self.server.tell("textDocument/didChange", {
            "textDocument": {"uri": self.policy.uri, "version": 99}, "contentChanges": [
                {"range": {"start": place(1, 8), "end": place(1, 12)}, "text": "/etc"},
                {"range": {"start": place(1, 4), "end": place(1, 5)}, "text": "name"},
                {"range": {"start": place(0, 0), "end": place(0, 0)}, "text": "# 𝒳\n"},
                {"range": {"start": place(0, 2), "end": place(0, 4)}, "text": "x"},
                {"range": {"start": place(2, 99), "end": place(99, 0)}, "text": "\nlet  b=/b"}]})
        self.policy.text = "# x\nabi 7\nlet name = /etc\nlet  b=/b"
        self.assertEqual(self.policy.applied(self.policy.ask("formatting", options={})),
                         "# x\nabi 7\nlet name = /etc\nlet b = /b\n")

    def own(self) -> int:
        """The server's processor time in nanoseconds."""
        return int(pathlib.Path(f"/proc/{self.server.process.pid}/schedstat").read_text().split()[0])

    def timed(self, what: str, mark: str | None, into: int, more: dict) -> str:
        """How long an answer takes, and of that the server's own time: the machine may be busy with other things."""
        own_before, begin = self.own(), time.monotonic()
        self.policy.ask(what, mark, into, **more)
        return f"{(time.monotonic() - begin) * 1000:.1f} ms ({(self.own() - own_before) / 1e6:.1f} its own)"

    def test_a_thousand_rules_are_answered_at_once(self):
        text = "abi 7\nruleset r { allow read beneath /usr }\n" + "".join(
            f"rule r{i}: when exec matches /usr/bin/p{i}* under unit u{i} apply r with nnp\n" for i in range(1000))
        self.policy.change(text)
        self.policy.ask("hover", "rule r500", 6)
        for what, mark, into in (("hover", "rule r500", 6), ("completion", "/usr/bin/p500", 9), ("definition", "apply r", 6),
                                 ("references", "ruleset r", 8), ("rename", "ruleset r", 8), ("documentSymbol", None, 0),
                                 ("foldingRange", None, 0), ("semanticTokens/full", None, 0), ("codeAction", None, 0)):
            more = {"newName": "other"} if what == "rename" else {}
            if what == "codeAction":
                more["range"] = {"start": {"line": 500, "character": 0}, "end": {"line": 501, "character": 0}}
            at_once = self.timed(what, mark, into, more)
            text += "\n"
            self.policy.change(text)
            print(f"1,000 rules: {what} {at_once}, right behind a change {self.timed(what, mark, into, more)}",
                  file=sys.stderr)
        begin = time.monotonic()
        self.policy.diagnostics()
        print(f"1,000 rules: diagnostics {(time.monotonic() - begin) * 1000:.0f} ms after the last answer", file=sys.stderr)

    def test_ends_as_it_is_told(self):
        self.assertEqual(self.server.end(), 0)


if __name__ == "__main__":
    unittest.main(argv=sys.argv, verbosity=1)
