# SPDX-License-Identifier: Apache-2.0
"""std/redis with Debian's Redis: serves, saves and loads again; a client with all rights gets no further than its data."""
import os
import shutil
import socket

import confine
from confine import SHADOW, Attempt, Port, gone, made, printed

POLICY = confine.using("redis")


class Client:
    """Speaks Redis' protocol, a line a command."""

    def __init__(self, port):
        self.socket = socket.create_connection(("127.0.0.1", port), 10)
        self.file = self.socket.makefile("rb")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.file.close()
        self.socket.close()

    def ask(self, *words):
        self.socket.sendall(f"*{len(words)}\r\n".encode() + b"".join(b"$%d\r\n%s\r\n" % (len(word), word.encode()) for word in words))
        line = self.file.readline().decode().strip()
        if line.startswith("-LOADING"):
            confine.time.sleep(0.05)
            return self.ask(*words)
        return self.file.read(int(line[1:]) + 2).decode().strip() if line[0] == "$" and line != "$-1" else line


class Redis(confine.Proof):
    def server(self, place, port, *more):
        return ["/usr/bin/redis-server", "--port", str(port), "--bind", "127.0.0.1", "--dir", place.path("app"), "--daemonize", "no",
                "--enable-protected-configs", "yes", "--enable-module-command", "yes", *more]

    def settings(self, place, port):
        return [f"redis.data={place.path('app')}", f"redis.config={place.path('scratch')}", f"redis.ports={port}"]

    def test_saves_and_reads_again(self):
        for uid in confine.users():
            for confined in (False, True):
                with self.subTest(uid=uid, confined=confined), confine.Place(uid) as place:
                    port = confine.free_port()
                    command = self.server(place, port, "--appendonly", "yes")
                    if confined:
                        command = place.under(POLICY, command, self.settings(place, port))
                    with place.server(command, port), Client(port) as client:
                        self.assertEqual(client.ask("SET", "a", "text"), "+OK")
                        self.assertEqual(client.ask("EVAL", "return redis.call('GET', 'a') .. '!'", "0"), "text!")
                        self.assertEqual(client.ask("SAVE"), "+OK")
                        self.assertIn("Background", client.ask("BGREWRITEAOF"))
                    with place.server(command, port), Client(port) as client:
                        self.assertEqual(client.ask("GET", "a"), "text")
                    if confined:
                        self.assertSelected(place.events(), "/usr/bin/redis-server")

    def test_a_client_gets_no_further(self):
        """What is known to be done with an open Redis: a key for ssh, a job for cron, a module, following another server."""
        for uid in confine.users():
            for confined in (False, True):
                with self.subTest(uid=uid, confined=confined), confine.Place(uid) as place, Port() as elsewhere:
                    port, other = confine.free_port(), confine.free_port()
                    command = self.server(place, port)
                    if confined:
                        command = place.under(POLICY, command, self.settings(place, port))
                    with place.server(command, port), Client(port) as client:
                        client.ask("SET", "key", "\n\nssh-ed25519 AAAA planted\n\n")
                        client.ask("CONFIG", "SET", "dir", place.path("home/.ssh"))
                        client.ask("CONFIG", "SET", "dbfilename", "authorized_keys")
                        self.assertEqual(client.ask("SAVE").startswith("+OK"), not confined)
                        self.assertEqual(os.path.exists(place.path("home/.ssh/authorized_keys")), not confined)
                        client.ask("CONFIG", "SET", "dir", place.path("outside"))
                        self.assertEqual(client.ask("SAVE").startswith("+OK"), not confined)
                        self.assertEqual(client.ask("CONFIG", "SET", "port", str(other)).startswith("+OK"), not confined)
                        client.ask("MODULE", "LOAD", place.path("outside/evil"))
                        client.ask("REPLICAOF", "127.0.0.1", str(elsewhere.number))
                        for _ in range(100):
                            log = place.read("server.log")
                            if "MASTER <-> REPLICA sync started" in log or "Permission denied" in log.rpartition("MASTER")[2]:
                                break
                            confine.time.sleep(0.05)
                        client.ask("CONFIG", "SET", "save", "")  # it would not end without saving
                    self.assertEqual(elsewhere.met(), not confined, place.read("server.log"))
                    module = place.read("server.log").partition("outside/evil")[2].partition("\n")[0]
                    self.assertIn("Permission denied" if confined else "file too short" if "too short" in module else "invalid ELF", module)

    def test_a_command_line_gets_no_further(self):
        for uid in confine.users():
            with confine.Place(uid) as place:
                port, other = confine.free_port(), confine.free_port()
                outside, key = place.path("outside/made"), place.path("home/.ssh/id_ed25519")

                def redis(*words):
                    return ["/usr/bin/timeout", "1", *self.server(place, port, *words)]

                shadow = [Attempt("take shadow for settings", ["/usr/bin/redis-server", "/etc/shadow"], printed(SHADOW))]
                self.refused(place, POLICY, (shadow if uid == 0 else []) + [
                    Attempt("take a key for settings", ["/usr/bin/redis-server", key], printed("planted key")),
                    Attempt("take a key for users", redis("--aclfile", key), printed("user keyword")),
                    Attempt("log outside", redis("--logfile", outside), made(outside), undo=gone(outside)),
                    Attempt("make a socket outside", redis("--unixsocket", outside), printed("connections at " + outside), undo=gone(outside)),
                    Attempt("write outside", redis("--dir", place.path("outside"), "--appendonly", "yes"), made(place.path("outside/appendonlydir")),
                            undo=lambda place=place: shutil.rmtree(place.path("outside/appendonlydir"), ignore_errors=True)),
                    Attempt("listen elsewhere", [word.replace(str(port), str(other)) for word in redis()],
                            lambda ran: "Ready to accept" in ran.stdout),
                ], self.settings(place, port))


if __name__ == "__main__":
    confine.main()
