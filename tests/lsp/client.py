# SPDX-License-Identifier: Apache-2.0
"""A client that drives `llc lsp` over its protocol, as an editor does and as one should not."""
import json
import os
import pathlib
import select
import subprocess
import time

WAIT = 60  # seconds for what comes at once when the machine is not busy


class Server:
    def __init__(self, llc: str, *arguments: str, initialize: bool = True, utf8: bool = False, folders: list = (),
                 environment: dict | None = None):
        self.process = subprocess.Popen([llc, "lsp", *arguments], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        env={**os.environ, **(environment or {})})
        self.buffer = b""
        self.next_id = 1
        self.notifications: list[dict] = []
        self.capabilities: dict = {}
        if initialize:
            wanted = {"general": {"positionEncodings": ["utf-8", "utf-16"]}} if utf8 else {}
            named = [{"uri": pathlib.Path(folder).as_uri(), "name": str(folder)} for folder in folders]
            self.capabilities = self.ask("initialize", {"capabilities": wanted, "workspaceFolders": named})["capabilities"]
            self.tell("initialized", {})

    def raw(self, data: bytes) -> None:
        self.process.stdin.write(data)
        self.process.stdin.flush()

    def send(self, message) -> None:
        body = message if isinstance(message, bytes) else json.dumps(message).encode()
        self.raw(b"Content-Length: %d\r\n\r\n" % len(body) + body)

    def receive(self, seconds: float = WAIT) -> dict:
        deadline = time.monotonic() + seconds
        while True:
            head, found, rest = self.buffer.partition(b"\r\n\r\n")
            if found:
                length = int(head.split(b":")[1])
                if len(rest) >= length:
                    self.buffer = rest[length:]
                    return json.loads(rest[:length])
            ready, _, _ = select.select([self.process.stdout], [], [], max(0, deadline - time.monotonic()))
            if not ready:
                raise TimeoutError("no message from the server")
            data = os.read(self.process.stdout.fileno(), 1 << 16)
            if not data:
                raise EOFError("the server is gone")
            self.buffer += data

    def answer(self, wanted) -> dict:
        """The response to a request; what is told in between is kept."""
        while True:
            message = self.receive()
            if "method" in message:
                self.notifications.append(message)
            elif message.get("id") == wanted:
                return message

    def request(self, method: str, params) -> dict:
        number = self.next_id
        self.next_id += 1
        self.send({"jsonrpc": "2.0", "id": number, "method": method, "params": params})
        return self.answer(number)

    def ask(self, method: str, params):
        message = self.request(method, params)
        assert "error" not in message, message
        return message["result"]

    def tell(self, method: str, params) -> None:
        self.send({"jsonrpc": "2.0", "method": method, "params": params})

    def open(self, path, text: str, version: int = 1) -> "Document":
        document = Document(self, pathlib.Path(path).as_uri(), text, version)
        self.tell("textDocument/didOpen", {"textDocument": {"uri": document.uri, "languageId": "landlatch",
                                                            "version": version, "text": text}})
        return document

    def end(self) -> int:
        self.ask("shutdown", None)
        self.tell("exit", None)
        return self.process.wait(WAIT)

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()
        self.process.stdin.close()
        self.process.stdout.close()


class Document:
    def __init__(self, server: Server, uri: str, text: str, version: int):
        self.server, self.uri, self.text, self.version = server, uri, text, version

    def position(self, mark: str, into: int = 0) -> dict:
        """Where `mark` stands first, in UTF-16 units."""
        at = self.text.index(mark) + into
        before = self.text[:at]
        line = before.rsplit("\n", 1)[-1]
        return {"line": before.count("\n"), "character": len(line.encode("utf-16-le")) // 2}

    def ask(self, what: str, mark: str | None = None, into: int = 0, **more):
        params = {"textDocument": {"uri": self.uri}, **more}
        if mark is not None:
            params["position"] = self.position(mark, into)
        return self.server.ask(f"textDocument/{what}", params)

    def change(self, text: str) -> None:
        self.text = text
        self.version += 1
        self.server.tell("textDocument/didChange", {
            "textDocument": {"uri": self.uri, "version": self.version}, "contentChanges": [{"text": text}]})

    def diagnostics(self) -> list[dict]:
        """Of this version of the text; waits for them."""
        while True:
            for message in self.server.notifications:
                params = message["params"]
                if params.get("uri") == self.uri and params.get("version") == self.version:
                    self.server.notifications.remove(message)
                    return params["diagnostics"]
            message = self.server.receive()
            if "method" in message:
                self.server.notifications.append(message)

    def applied(self, edits: list[dict]) -> str:
        """The text after an answer's edits (UTF-16 positions)."""
        lines = self.text.split("\n")
        starts = [0]
        for line in lines:
            starts.append(starts[-1] + len(line) + 1)

        def offset(position: dict) -> int:
            line = lines[position["line"]]
            units = line.encode("utf-16-le")[:2 * position["character"]].decode("utf-16-le")
            return starts[position["line"]] + len(units)

        text = self.text
        for edit in sorted(edits, key=lambda e: (e["range"]["start"]["line"], e["range"]["start"]["character"]),
                           reverse=True):
            text = text[:offset(edit["range"]["start"])] + edit["newText"] + text[offset(edit["range"]["end"]):]
        return text
