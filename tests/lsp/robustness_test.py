# SPDX-License-Identifier: Apache-2.0
"""robustness_test.py LLC: malformed, reordered and random messages. After each the server answers as if nothing had
happened."""
import os
import pathlib
import random
import signal
import sys
import tempfile
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from client import Server

LLC = sys.argv.pop(1)
URI = "file:///nowhere/policy.ll"


class Robustness(unittest.TestCase):
    def setUp(self):
        self.server = Server(LLC)

    def tearDown(self):
        self.server.kill()

    def expect_alive(self):
        document = self.server.open("/nowhere/alive.ll", "abi 7\nlet x = /usr\n")
        self.assertEqual(document.ask("documentSymbol")[0]["name"], "x")

    def error_of(self, body: bytes) -> int:
        self.server.send(body)
        return self.server.answer(None)["error"]["code"]

    def test_what_is_no_message(self):
        self.assertEqual(self.error_of(b"{"), -32700)
        self.assertEqual(self.error_of(b""), -32700)
        self.assertEqual(self.error_of(b"\xff\xfe\x00"), -32700)
        self.assertEqual(self.error_of(b"[" * 100000), -32700)
        self.assertEqual(self.error_of(b"[" * 10000 + b"]" * 10000), -32700)
        self.assertEqual(self.error_of(b"[" * 199 + b"]" * 199), -32600)
        self.assertEqual(self.error_of(b"42"), -32600)
        self.assertEqual(self.error_of(b"[]"), -32600)
        self.assertEqual(self.error_of(b'{"jsonrpc":"2.0","method":7}'), -32600)
        self.expect_alive()

    def test_headers_that_make_no_sense(self):
        self.server.raw(b"\r\n\r\n" + b"Content-Length: many\r\n\r\n" + b"Content-Length: -5\r\n\r\n" + b"X: y\r\n\r\n")
        self.server.raw(b"noise" * 5000 + b"\r\n\r\n")
        self.expect_alive()
        body = b'{"jsonrpc":"2.0","id":"x","method":"nonsense"}'
        self.server.raw(b"content-type: utf\r\nCONTENT-LENGTH:%d\r\n\r\n" % len(body) + body)
        self.assertEqual(self.server.answer("x")["error"]["code"], -32601)

    def test_params_that_nest_deep(self):
        for opening, closing in ((b"[", b"]"), (b'{"a":', b"}")):
            for depth in (150, 100_000, 2_000_000):
                params = opening * depth + b"1" + closing * depth
                self.server.send(b'{"jsonrpc":"2.0","id":"deep","method":"textDocument/hover","params":' + params + b"}")
                self.assertIn("error", self.server.answer("deep" if depth < 200 else None))
        self.expect_alive()
        quoted = {"textDocument": {"uri": "file:///nowhere/alive.ll"}, "position": {"line": 0, "character": 0}, "x": '["\\' * 999}
        self.server.ask("textDocument/hover", quoted)

    def test_a_length_that_was_wrong_costs_the_messages_it_cuts(self):
        body = b'{"jsonrpc":"2.0","id":"x","method":"nonsense"}'
        self.server.raw(b"left over")
        self.expect_alive()
        self.server.raw(b"Content-Length: %d\r\n\r\n" % (len(body) - 3) + body)  # too short
        self.assertEqual(self.server.answer(None)["error"]["code"], -32700)
        self.expect_alive()
        self.server.raw(b"Content-Length: %d\r\n\r\n" % (len(body) + 9) + body)  # takes some of the next one
        self.server.send({"jsonrpc": "2.0", "id": "cut", "method": "nonsense"})
        self.assertEqual(self.server.answer(None)["error"]["code"], -32700)
        self.expect_alive()

    def test_an_import_that_would_be_waited_for(self):
        with tempfile.TemporaryDirectory() as folder:
            os.mkfifo(folder + "/pipe.ll")
            document = self.server.open(folder + "/policy.ll", 'abi 7\nimport "./pipe"\n')
            self.assertEqual(document.ask("documentSymbol")[0]["name"], "pipe")
            self.assertIn("whose writer would be waited for", document.diagnostics()[0]["message"])

    def test_documents_that_import_each_other(self):
        with tempfile.TemporaryDirectory() as folder:
            one = self.server.open(folder + "/one.ll", 'abi 7\nimport "./two"\nruleset r { allow read beneath /usr }\n')
            two = self.server.open(folder + "/two.ll", 'abi 7\nimport "./one"\nruleset q extends one.r {}\n')
            for document in (one, two, self.server.open(folder + "/own.ll", 'abi 7\nimport "./own"\n')):
                self.assertEqual([d["code"] for d in document.diagnostics()], ["E0205"])
            self.assertEqual(len(one.ask("references", "r {", context={"includeDeclaration": True})), 2)

    def test_files_and_folders_that_vanish(self):
        with tempfile.TemporaryDirectory() as outer:
            folder = pathlib.Path(outer) / "inner"
            folder.mkdir()
            (folder / "lib.ll").write_text("abi 7\nruleset q { allow read beneath /usr }\n")
            document = self.server.open(folder / "policy.ll", 'abi 7\nimport "./lib"\nwhen under unit x apply lib.q with nnp\n')
            self.assertEqual(document.diagnostics(), [])
            (folder / "lib.ll").unlink()
            folder.rmdir()
            document.change(document.text + "# changed\n")
            self.assertEqual([d["code"] for d in document.diagnostics()], ["E0202"])
            self.assertIsNone(document.ask("definition", "q with"))
            self.assertTrue(document.ask("completion", "./lib", 2)["items"])
            answer = self.server.request("textDocument/rename", {
                "textDocument": {"uri": document.uri}, "position": document.position("q with"), "newName": "z"})
            self.assertEqual(answer["error"]["code"], -32803)

    def test_a_check_that_dies_is_said(self):
        rules = "".join(f"rule r{i}: when exec matches /usr/bin/{i}/*a???{i} under unit u{i % 9} apply r with nnp\n" for i in range(400))
        document = self.server.open("/nowhere/large.ll", "abi 7\nruleset r { allow read beneath /usr }\n" + rules)
        children = pathlib.Path(f"/proc/{self.server.process.pid}/task/{self.server.process.pid}/children")
        deadline = time.monotonic() + 60
        while not (child := children.read_text().split()) and time.monotonic() < deadline:
            time.sleep(0.001)
        os.kill(int(child[0]), signal.SIGKILL)
        self.assertIn("could not be checked", document.diagnostics()[0]["message"])
        document.change("abi 7\n")
        self.assertEqual(document.diagnostics(), [])

    def test_a_check_comes_though_questions_never_stop(self):
        document = self.server.open("/nowhere/asked.ll", "abi 7\nruleset r { alow }\n")
        deadline = time.monotonic() + 60
        while not self.server.notifications and time.monotonic() < deadline:
            document.ask("hover", "ruleset")
            time.sleep(0.01)
        self.assertEqual(document.diagnostics()[0]["code"], "E0100")

    def test_a_huge_message_is_skipped(self):
        size = 70 * 1024 * 1024
        self.server.raw(b"Content-Length: %d\r\n\r\n" % size)
        for _ in range(70):
            self.server.raw(b" " * (1024 * 1024))
        self.assertEqual(self.server.answer(None)["error"]["code"], -32600)
        self.expect_alive()

    def test_a_length_beyond_all_numbers_is_waited_for_in_vain(self):
        self.server.raw(b"Content-Length: 99999999999999999999999999\r\n\r\n" + b"x" * 100000)
        self.assertEqual(self.server.answer(None)["error"]["code"], -32600)
        self.server.process.stdin.close()
        self.assertEqual(self.server.process.wait(60), 1)
        self.server.kill()
        self.server = Server(LLC)

    def test_a_message_may_come_in_pieces(self):
        body = b'{"jsonrpc":"2.0","id":77,"method":"shutdown"}'
        for byte in b"Content-Length: %d\r\n\r\n" % len(body) + body:
            self.server.raw(bytes([byte]))
        self.assertIsNone(self.server.answer(77)["result"])

    def test_nothing_before_initialize(self):
        other = Server(LLC, initialize=False)
        self.assertEqual(other.request("textDocument/hover", {})["error"]["code"], -32002)
        other.tell("textDocument/didOpen", {"textDocument": {"uri": URI, "text": "abi 7", "version": 1}})
        other.ask("initialize", {})
        self.assertEqual(other.request("initialize", {})["error"]["code"], -32600)
        self.assertIsNone(other.ask("textDocument/hover", {"textDocument": {"uri": URI}, "position": {}}))
        other.ask("shutdown", {})
        self.assertEqual(other.request("textDocument/hover", {})["error"]["code"], -32600)
        other.tell("exit", {})
        self.assertEqual(other.process.wait(60), 0)
        other.kill()

    def test_exit_without_shutdown_is_no_success(self):
        self.server.tell("exit", {})
        self.assertEqual(self.server.process.wait(60), 1)

    def test_params_of_other_shapes(self):
        document = self.server.open("/nowhere/a.ll", "abi 7\n")
        for params in (None, [], 5, {}, {"textDocument": 5}, {"textDocument": {"uri": 5}}, {"textDocument": {"uri": {}}}):
            for what in ("hover", "completion", "rename", "codeAction", "references", "formatting", "semanticTokens/full"):
                answer = self.server.request(f"textDocument/{what}", params)
                self.assertEqual(answer["error"]["code"], -32602, (what, params))
            for what in ("didOpen", "didChange", "didClose"):
                self.server.tell(f"textDocument/{what}", params)
        here = {"textDocument": {"uri": document.uri}}
        for position in (None, 5, {}, {"line": -1, "character": -1}, {"line": "x"}, {"line": 1.5, "character": 2},
                         {"line": 2**40, "character": 2**40}, {"line": 0, "character": 2**63}):
            self.server.ask("textDocument/hover", {**here, "position": position})
        self.assertEqual(self.server.request("textDocument/rename", {**here, "position": {}, "newName": 5})["error"]["code"],
                         -32602)
        self.expect_alive()

    def test_changes_in_any_order(self):
        self.server.tell("textDocument/didChange", {"textDocument": {"uri": URI, "version": 1},
                                                    "contentChanges": [{"text": "x"}]})
        self.server.tell("textDocument/didClose", {"textDocument": {"uri": URI}})
        self.server.tell("textDocument/didSave", {"textDocument": {"uri": URI}})
        self.server.send({"jsonrpc": "2.0", "id": 5, "result": None})
        self.server.tell("$/cancelRequest", {"id": 9})
        self.server.tell("$/unknown", {})
        document = self.server.open("/nowhere/b.ll", "abi 7\n")
        back = {"start": {"line": 9, "character": 9}, "end": {"line": 0, "character": 0}}
        self.server.tell("textDocument/didChange", {"textDocument": {"uri": document.uri, "version": 2},
                                                    "contentChanges": [{"range": back, "text": "abi 8\n"}]})
        self.assertEqual(document.ask("formatting", options={}), [])
        self.expect_alive()

    def test_texts_that_are_no_policies(self):
        for text in ("\0", "\x7f\x1b[31m", "\u202e", "{" * 5000, "(" * 5000, '"' * 1001, "ruleset " * 2000,
                     "; ModuleID = 'x'\ndefine i32 @f() { ret i32 0 }\n", "when " + "not " * 3000, "\U0001f600" * 500,
                     "let a = $a\n", "import ./policy\n", "#" * 100000, "abi 99999999999999999999999999\n"):
            document = self.server.open("/nowhere/policy.ll", text)
            for what in ("documentSymbol", "foldingRange", "semanticTokens/full", "formatting"):
                document.ask(what)
            for at in (0, len(text) // 2, len(text)):
                for what in ("hover", "completion", "definition"):
                    self.server.ask(f"textDocument/{what}", {"textDocument": {"uri": document.uri},
                                                             "position": {"line": 0, "character": at}})
            self.assertIsInstance(document.diagnostics(), list)
            self.server.tell("textDocument/didClose", {"textDocument": {"uri": document.uri}})
            self.server.notifications.clear()
        # A lone surrogate is JSON and no text.
        self.server.send(b'{"jsonrpc":"2.0","method":"textDocument/didOpen","params":{"textDocument":{"uri":"file:///x.ll",'
                         b'"version":1,"text":"abi 7 # \\ud800"}}}')
        self.server.answer(None)
        self.expect_alive()

    def test_random_orders(self):
        policy = ("abi 7\nimport std/base\nlet a = [80, 443]\nruleset r extends base { allow tcp connect $a }\n"
                  "rule x: when exec matches /usr/bin/* unless user root or setuid apply r with nnp\n"
                  "test t { exec /usr/bin/a user b expect apply r with nnp }\n")
        chance = random.Random(5)
        uris = [f"file:///nowhere/{name}.ll" for name in "abc"]
        expected = []
        for number in range(10_000, 10_400):
            uri = chance.choice(uris)
            line, column = chance.randrange(-1, 9), chance.randrange(-1, 90)
            place = {"line": line, "character": column}
            end = {"line": chance.randrange(0, 9), "character": chance.randrange(0, 90)}
            params = {"textDocument": {"uri": uri, "version": number}, "position": place, "range": {"start": place, "end": end},
                      "newName": chance.choice(["a", "when", "x.y", ""])}
            kind = chance.randrange(12)
            if kind == 0:
                begin = chance.randrange(len(policy))
                params["textDocument"]["text"] = policy[begin:] + policy[:begin]
                self.server.tell("textDocument/didOpen", params)
            elif kind == 1:
                self.server.tell("textDocument/didClose", params)
            elif kind < 6:
                at = chance.randrange(len(policy))
                params["contentChanges"] = [{"range": params["range"], "text": policy[at:at + chance.randrange(20)]}]
                self.server.tell("textDocument/didChange", params)
            else:
                what = chance.choice(["hover", "completion", "definition", "references", "prepareRename", "rename",
                                      "documentSymbol", "foldingRange", "semanticTokens/full", "formatting", "codeAction"])
                self.server.send({"jsonrpc": "2.0", "id": number, "method": f"textDocument/{what}", "params": params})
                expected.append(number)
        for number in expected:
            self.server.answer(number)
        self.expect_alive()


if __name__ == "__main__":
    unittest.main(argv=sys.argv, verbosity=1)
