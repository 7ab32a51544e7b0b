# SPDX-License-Identifier: Apache-2.0
"""std/memcached with Debian's memcached: answers a client; its options get no further."""
import os
import socket

import confine
from confine import Attempt, gone, made, printed

POLICY = confine.using("memcached")


def ask(port, text):
    with socket.create_connection(("127.0.0.1", port), 10) as client:
        client.sendall(text.encode() + b"quit\r\n")
        answer = b""
        while piece := client.recv(4096):
            answer += piece
        return answer.decode()


class Memcached(confine.Proof):
    def server(self, place, port, *more):
        return ["/usr/bin/memcached", "-l", "127.0.0.1", "-p", str(port), *(["-u", "root"] if place.uid == 0 else []), *more]

    def test_answers(self):
        for uid in confine.users():
            with self.subTest(uid=uid), confine.Place(uid) as place:
                port = confine.free_port()
                settings = [f"memcached.ports={port}", f"memcached.state={place.path('app')}"]
                pid = self.server(place, port, "-t", "4")
                answers = []
                for command in (pid, place.under(POLICY, pid, settings)):
                    with place.server(command, port):
                        answers.append(ask(port, "set a 0 0 4\r\ntext\r\nget a\r\nincr a 1\r\n"))
                self.assertEqual(answers[0], answers[1])
                self.assertIn("VALUE a 0 4\r\ntext", answers[1])
                self.assertSelected(place.events(), "/usr/bin/memcached")

    def test_the_kernel_refuses_all_else(self):
        for uid in confine.users():
            with confine.Place(uid) as place:
                port, other = confine.free_port(), confine.free_port()
                settings = [f"memcached.ports={port}", f"memcached.state={place.path('app')}"]
                outside, key = place.path("outside/made"), place.path("home/.ssh/id_ed25519")

                def memcached(*words, at=port):
                    return ["/usr/bin/timeout", "2", *self.server(place, at, *words)]

                shadow = [Attempt("take shadow for users", memcached("-Y", "/etc/shadow"), lambda ran: ran.returncode == 124, "")]
                self.refused(place, POLICY, (shadow if uid == 0 else []) + [
                    Attempt("take a key for users", memcached("-Y", key), printed("malformed entry"), "Permission denied"),
                    Attempt("make a socket outside", memcached("-s", outside), made(outside), undo=gone(outside)),
                    Attempt("keep its memory outside", memcached("-e", outside), made(outside), undo=gone(outside)),
                    Attempt("use a disk outside", memcached("-o", f"ext_path={outside}:64m"),
                            lambda _, outside=outside: os.path.exists(outside), undo=gone(outside)),
                    Attempt("listen elsewhere", memcached(at=other), lambda ran: ran.returncode == 124),
                ], settings)


if __name__ == "__main__":
    confine.main()
