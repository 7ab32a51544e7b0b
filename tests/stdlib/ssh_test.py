# SPDX-License-Identifier: Apache-2.0
"""std/ssh with Debian's OpenSSH client and a real server: logs in and copies with one key, and nothing else."""
import os
import shutil

import confine
from confine import KEY, SHADOW, Attempt, Port, Sshd, gone, made, printed

POLICY = confine.using("ssh")


class Ssh(confine.Proof):
    def test_runs_a_command_there(self):
        for uid in confine.users(named=True):
            with confine.Place(uid) as place, Sshd(place) as server:
                command = ["/usr/bin/ssh", *server.options, f"{server.user}@127.0.0.1", "echo there: $((6 * 7))"]
                ran = self.same(place, POLICY, command, server.settings, "/usr/bin/ssh")
                self.assertEqual(ran.stdout, "there: 42\n")

    def test_copies_files_there_and_back(self):
        for uid in confine.users(named=True):
            with confine.Place(uid) as place, Sshd(place) as server:
                place.write("app/file", "text to copy\n")
                os.makedirs(place.path("there"))
                settings = [*server.settings, f"ssh.files={place.path('app')}"]
                remote = f"{server.user}@127.0.0.1:{place.path('there/copy')}"
                scp = ["/usr/bin/scp", "-q", *server.options]
                for words in (["file", remote], [remote, "back"]):
                    self.same(place, POLICY, [*scp, *words], settings, "/usr/bin/scp",
                              result=lambda _, place=place: place.read("there/copy"))
                self.assertEqual(place.read("app/back"), "text to copy\n")

    def test_the_kernel_refuses_all_else(self):
        for uid in confine.users(named=True):
            with confine.Place(uid) as place, Sshd(place) as server, Port() as port:
                ssh = ["/usr/bin/ssh", *server.options]
                there = f"{server.user}@127.0.0.1"
                outside, ran, log = place.path("outside/made"), place.path("outside/ran"), place.path("outside/log")
                shutil.copy(server.key, place.path("home/.ssh/id_other"))
                place.own()
                other = ["/usr/bin/ssh", "-i", place.path("home/.ssh/id_other"),
                         *[word if "IdentityFile" not in word else "IdentityFile=none" for word in server.options]]
                evil = place.path("outside/evil")
                free = confine.free_port()
                shadow = [Attempt("settings from shadow", ["/usr/bin/ssh", "-F", "/etc/shadow", there], printed("/etc/shadow line 9"))]
                self.refused(place, POLICY, (shadow if uid == 0 else []) + [
                    Attempt("log in with another key", [*other, there, "echo in"], printed("in\n"), "Permission denied"),
                    Attempt("take another key for settings", ["/usr/bin/ssh", "-F", place.path("home/.ssh/id_ed25519"), there],
                            printed("line 1: Bad configuration option"), "Permission denied"),
                    Attempt("run a proxy", [*ssh, "-o", f"ProxyCommand={evil}", there, "true"], made(ran), "", undo=gone(ran)),
                    Attempt("run a command here", [*ssh, "-o", "PermitLocalCommand=yes", "-o", f"LocalCommand={evil}", there, "true"],
                            made(ran), "", undo=gone(ran)),
                    Attempt("log outside", [*ssh, "-E", log, "-v", there, "true"], made(log), undo=gone(log)),
                    Attempt("write hosts outside", ["/usr/bin/ssh", "-o", f"UserKnownHostsFile={outside}", "-o",
                                                    "StrictHostKeyChecking=no", *ssh[1:], there, "echo in"], made(outside), "", undo=gone(outside)),
                    Attempt("connect elsewhere", ["/usr/bin/ssh", "-p", str(port.number), "-o", "ConnectTimeout=1", *ssh[1:], there],
                            lambda _, port=port: port.met()),
                    Attempt("open another port", [*ssh, "-o", "ExitOnForwardFailure=yes", "-L", f"{free}:127.0.0.1:1", there, "echo in"],
                            printed("in\n")),
                ], server.settings)


if __name__ == "__main__":
    confine.main()
