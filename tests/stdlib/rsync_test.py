# SPDX-License-Identifier: Apache-2.0
"""std/rsync with Debian's rsync: copies a tree between two directories, and nothing else."""
import os

import confine
from confine import KEY, SHADOW, Attempt, Port, Sshd, gone, made, printed

POLICY = confine.using("rsync")


class Rsync(confine.Proof):
    def settings(self, place):
        return [f"rsync.source={place.path('in')}", f"rsync.target={place.path('app')}", f"ssh.home={place.path('home')}"]

    def test_copies_a_tree(self):
        for uid in confine.users():
            with confine.Place(uid) as place:
                place.write("in/tree/deep/file", "some text\n" * 100)
                place.write("in/tree/program", "#!/bin/sh\n", 0o755)
                os.symlink("deep/file", place.path("in/tree/link"))
                place.write("app/tree/old", "goes away\n")
                command = ["/usr/bin/rsync", "-a", "--delete", "--stats", place.path("in/tree"), place.path("app")]
                self.same(place, POLICY, command, self.settings(place), "/usr/bin/rsync",
                          clean=lambda place=place: place.write("app/tree/old", "goes away\n"),
                          result=lambda _, place=place: place.read("app/tree/link") + str(os.listdir(place.path("app/tree"))))
                self.assertFalse(os.path.exists(place.path("app/tree/old")))

    def test_copies_over_ssh(self):
        for uid in confine.users(named=True):
            with confine.Place(uid) as place, Sshd(place) as server:
                place.write("there/file", "from there\n")
                command = ["/usr/bin/rsync", "-a", "-e", "ssh " + " ".join(server.options),
                           f"{server.user}@127.0.0.1:{place.path('there/')}", place.path("app/")]
                self.same(place, POLICY, command, self.settings(place)[1:2] + server.settings, "/usr/bin/rsync",
                          clean=gone(place.path("app/file")), result=lambda _, place=place: place.read("app/file"))

    def test_copies_by_the_rsync_protocol(self):
        for uid in confine.users():
            with self.subTest(uid=uid), confine.Place(uid) as place:
                port = confine.free_port()
                place.write("there/deep/file", "from there\n")
                os.makedirs(place.path("taken"))
                place.write("rsyncd.conf", f"use chroot = no\nreverse lookup = no\n[tree]\npath = {place.path('there')}\n"
                            f"[taken]\npath = {place.path('taken')}\nread only = no\n" + ("uid = root\ngid = root\n" if uid == 0 else ""))
                place.write("in/file", "from here\n")
                settings = [*self.settings(place), f"rsync.ports={port}"]
                daemon = ["/usr/bin/rsync", "--daemon", "--no-detach", "--address=127.0.0.1", f"--port={port}", "--config", place.path("rsyncd.conf")]
                with place.server(daemon, port):
                    url = f"rsync://127.0.0.1:{port}/"
                    self.same(place, POLICY, ["/usr/bin/rsync", "-a", url + "tree/", place.path("app/")], settings, "/usr/bin/rsync",
                              clean=gone(place.path("app/deep/file")), result=lambda _, place=place: place.read("app/deep/file"))
                    self.same(place, POLICY, ["/usr/bin/rsync", "-a", place.path("in/"), url + "taken/"], settings, "/usr/bin/rsync",
                              clean=gone(place.path("taken/file")), result=lambda _, place=place: place.read("taken/file"))
                    # Another port than the policy's: the same command is refused.
                    ran = place.confined(POLICY, ["/usr/bin/rsync", "-a", url + "tree/", place.path("app/")], self.settings(place))
                    self.assertNotEqual(ran.returncode, 0)
                    self.assertIn(confine.DENIED, ran.stderr)

    def test_the_kernel_refuses_all_else(self):
        for uid in confine.users():
            with confine.Place(uid) as place, Port() as port:
                place.write("in/file", "text\n")
                rsync = ["/usr/bin/rsync", "-a"]
                file, target = place.path("in/file"), place.path("app/")
                outside, ran, evil = place.path("outside/file"), place.path("outside/ran"), place.path("outside/evil")
                copied = place.path("app/id_ed25519")
                shadow = [Attempt("copy shadow", [*rsync, "/etc/shadow", target], made(place.path("app/shadow")))] if uid == 0 else []
                self.refused(place, POLICY, shadow + [
                    Attempt("copy a key", [*rsync, place.path("home/.ssh/id_ed25519"), target], made(copied), undo=gone(copied)),
                    Attempt("names from a key", [*rsync, "--files-from=" + place.path("home/.ssh/id_ed25519"), "/", target],
                            printed(KEY)),
                    Attempt("write outside", [*rsync, file, place.path("outside/")], made(outside), undo=gone(outside)),
                    Attempt("log outside", [*rsync, "--log-file=" + outside, file, target], made(outside), undo=gone(outside)),
                    Attempt("run another program", [*rsync, "-e", evil, "host:/x", target], made(ran), undo=gone(ran)),
                    Attempt("connect elsewhere", [*rsync, "--timeout=1", f"rsync://127.0.0.1:{port.number}/x/", target],
                            lambda _, port=port: port.met()),
                    Attempt("move the source away", [*rsync, "--remove-source-files", file, target],
                            lambda _, file=file: not os.path.exists(file)),
                ], self.settings(place))


if __name__ == "__main__":
    confine.main()
