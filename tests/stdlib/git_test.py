# SPDX-License-Identifier: Apache-2.0
"""std/git with Debian's git: clones by file, https and ssh, commits and pushes in its directory; a repository's hooks and
settings run nothing of its author's choice."""
import os

import confine
from confine import KEY, SHADOW, Attempt, Outsider, Port, Sshd, Web, gone, made, printed

POLICY = confine.using("git")
GIT = ["/usr/bin/git", "-c", "user.name=Ann", "-c", "user.email=ann@example.org", "-c", "safe.directory=*",
       "-c", "init.defaultBranch=main"]


def repository(place, name):
    """A repository with two commits in `name`."""
    place.write(f"{name}/README", "first\n")
    for words in (["init", "-q"], ["add", "."], ["commit", "-qm", "one"], ["commit", "-qm", "two", "--allow-empty"],
                  ["update-server-info"]):
        ran = place.run([*GIT, "-C", place.path(name), *words])
        assert ran.returncode == 0, ran.stderr


class Git(confine.Proof):
    def settings(self, place):
        return [f"git.work={place.path('app')}", f"git.home={place.path('home')}", f"ssh.home={place.path('home')}"]

    def clones(self, place, address, settings, *words):
        result = place.read
        self.same(place, POLICY, [*GIT, *words, "clone", "-q", address, "copy"], settings, "/usr/bin/git",
                  clean=lambda: place.run(["rm", "-rf", "copy"]),
                  result=lambda _: result("app/copy/README") + place.run([*GIT, "-C", "copy", "log", "--format=%H"]).stdout)

    def test_works_in_a_repository(self):
        for uid in confine.users():
            with self.subTest(uid=uid), confine.Place(uid) as place:
                repository(place, "app/repo")
                place.write("app/repo/new", "new\n")
                settings = self.settings(place)
                for words in (["status", "--short"], ["diff", "HEAD~1", "--stat"], ["log", "--format=%s"], ["grep", "-n", "first"],
                              ["-c", "core.pager=less", "branch", "-a"], ["fsck", "--full"], ["submodule", "status"]):
                    self.same(place, POLICY, [*GIT, "-C", "repo", *words], settings, "/usr/bin/git",
                              result=lambda ran: ran.stdout + "ok")
                for words in (["add", "new"], ["commit", "-qm", "three"], ["gc", "-q"], ["worktree", "add", "-q", "../tree"],
                              ["rebase", "-q", "HEAD~1"]):
                    ran = place.confined(POLICY, [*GIT, "-C", "repo", *words], settings)
                    self.assertEqual(ran.returncode, 0, ran.stderr)
                self.assertEqual(place.read("app/tree/new"), "new\n")

    def test_clones_and_pushes_by_file(self):
        for uid in confine.users():
            with self.subTest(uid=uid), confine.Place(uid) as place:
                repository(place, "app/repo")
                self.clones(place, place.path("app/repo"), self.settings(place))
                place.write("app/copy/more", "more\n")
                for words in (["add", "more"], ["commit", "-qm", "three"], ["push", "-q", "origin", "HEAD:refs/heads/other"]):
                    ran = place.confined(POLICY, [*GIT, "-C", "copy", *words], self.settings(place))
                    self.assertEqual(ran.returncode, 0, ran.stderr)
                self.assertIn("three", place.run([*GIT, "-C", "repo", "log", "--format=%s", "other"]).stdout)

    def test_clones_by_https(self):
        for uid in confine.users():
            with self.subTest(uid=uid), confine.Place(uid) as place:
                repository(place, "there/repo")
                with Web("", place.path("app"), place.path("there")) as web:
                    place.own()
                    self.clones(place, f"https://localhost:{web.number}/repo/.git", [*self.settings(place), f"git.ports={web.number}"],
                                "-c", "http.sslCAInfo=" + place.path("app/cert.pem"))

    def test_clones_and_pushes_by_ssh(self):
        for uid in confine.users(named=True):
            with self.subTest(uid=uid), confine.Place(uid) as place, Sshd(place) as server:
                repository(place, "there/repo")
                settings = [*self.settings(place)[:2], *server.settings]
                ssh = ["-c", "core.sshCommand=ssh " + " ".join(server.options)]
                place.write("sshd/.gitconfig", "[safe]\n\tdirectory = *\n")
                self.clones(place, f"ssh://{server.user}@127.0.0.1:{server.port}{place.path('there/repo')}", settings, *ssh)
                ran = place.confined(POLICY, [*GIT, *ssh, "-C", "copy", "push", "-q", "origin", "HEAD~1:refs/heads/other"], settings)
                self.assertEqual(ran.returncode, 0, ran.stderr)

    def test_the_kernel_refuses_all_else(self):
        for uid in confine.users():
            with confine.Place(uid) as place, Port() as port, Outsider(place) as outsider:
                repository(place, "app/repo")
                git = [*GIT, "-C", place.path("app/repo")]
                evil, ran, key = place.path("outside/evil"), place.path("outside/ran"), place.path("home/.ssh/id_ed25519")
                outside = place.path("outside/made")
                hook = place.write("app/repo/.git/hooks/post-commit", f"#!/bin/sh\necho hook > {ran}\n", 0o755)
                self.assertTrue(os.access(hook, os.X_OK))
                shadow = [Attempt("diff with shadow", [*git, "diff", "--no-index", "/dev/null", "/etc/shadow"], printed(SHADOW))]
                self.refused(place, POLICY, (shadow if uid == 0 else []) + [
                    Attempt("diff with a key", [*git, "diff", "--no-index", "/dev/null", key], printed(KEY)),
                    Attempt("run a hook", [*git, "commit", "-qm", "more", "--allow-empty"], made(ran), undo=gone(ran)),
                    Attempt("run a program of its settings", [*git, "-c", f"core.fsmonitor={evil}", "status"], made(ran), "", undo=gone(ran)),
                    Attempt("an alias reads a key", [*git, "-c", f"alias.x=!cat {key}", "x"], printed(KEY)),
                    Attempt("an alias signals", [*git, "-c", f"alias.x=!kill -0 {outsider.pid} && echo found", "x"], printed("found\n"),
                            "Operation not permitted"),
                    Attempt("write outside", [*git, "archive", "-o", outside, "HEAD"], made(outside), undo=gone(outside)),
                    Attempt("connect elsewhere", [*git, "-c", "http.lowSpeedLimit=1", "-c", "http.lowSpeedTime=1", "ls-remote",
                                                  f"http://127.0.0.1:{port.number}/x"],
                            lambda _, port=port: port.met(), "Failed to connect"),
                ], self.settings(place))


if __name__ == "__main__":
    confine.main()
