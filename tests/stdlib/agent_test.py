# SPDX-License-Identifier: Apache-2.0
"""std/agent with bash as the tool shell: an agent's work is done in the project; secrets, hooks and the rest of the machine are not had."""
import os
import shutil

import confine
from confine import KEY, SHADOW, Attempt, Outsider, Port, Web, gone, made, printed

NODE = os.path.realpath(shutil.which("node", path="/usr/local/bin:/usr/bin") or "/usr/bin/node")
POLICY = confine.using("agent")


class Agent(confine.Proof):
    def prepare(self, place, ports="443"):
        place.write("app/src/main.c", '#include <stdio.h>\nint main(void) { puts("built"); }\n')
        place.write("app/src/Makefile", "main: main.c\n\t$(CC) -o $@ $<\n")
        place.write("app/.env", "TOKEN=planted\n")
        place.write("app/.git/modules/library/hooks/.keep", "")
        for words in (["init", "-q"], ["add", "src"], ["-c", "user.name=a", "-c", "user.email=a@example.org", "commit", "-qm", "one"]):
            self.assertEqual(place.run(["/usr/bin/git", *words]).returncode, 0)
        return [f"agent.project={place.path('app')}", f"agent.ports={ports}", f"tmp.scratch={place.path('scratch')}"]

    def shell(self, text):
        return ["/usr/bin/bash", "-c", text]

    def test_works_in_the_project(self):
        for uid in confine.users():
            with self.subTest(uid=uid), confine.Place(uid) as place, Web("a page") as web:
                settings = self.prepare(place, str(web.number))
                job = ("set -e; ls; cd src; sed -i s/built/Built/ main.c; make -s main; ./main; mkdir -p new; echo text > new/file; mv new/file moved; "
                       "rm -r new; grep -c TOKEN ../.env; /usr/bin/python3 -c 'print(6 * 7)'; "
                       f"{NODE} -p '[1, 2].map(x => x * x).join()'; git log --format=%s; git diff --stat; "
                       f"curl -sS http://127.0.0.1:{web.number}/; date > $TMPDIR/made")
                self.same(place, POLICY, self.shell(job), settings, "/usr/bin/bash",
                          clean=lambda place=place: self.prepare_again(place))

    def prepare_again(self, place):
        place.run(["/usr/bin/git", "checkout", "-q", "src"])
        place.run(["rm", "-f", "src/moved", "src/main"])

    def test_hands_over_work_as_a_branch(self):
        job = ("set -e; export GIT_INDEX_FILE=$TMPDIR/index; echo 'int more;' >> src/main.c; git read-tree HEAD; git add src; "
               "git -c user.name=a -c user.email=a@example.org commit-tree -p HEAD -m work $(git write-tree) > $TMPDIR/commit; "
               "git update-ref refs/heads/agent $(cat $TMPDIR/commit)")
        for uid in confine.users():
            with self.subTest(uid=uid), confine.Place(uid) as place:
                settings = self.prepare(place)
                ran = place.confined(POLICY, self.shell(job), settings)
                self.assertEqual(ran.returncode, 0, ran.stderr)
                self.assertEqual(place.run(["/usr/bin/git", "log", "--format=%s", "agent"]).stdout, "work\none\n")
                self.assertEqual(place.run(["/usr/bin/git", "diff", "--name-only", "master", "agent"]).stdout, "src/main.c\n")
                self.assertEqual(place.run(["/usr/bin/git", "fsck"]).returncode, 0)

    def test_a_link_to_the_repository_stays_as_it_is(self):
        """In a linked work tree .git is a file that names the repository, whose hooks and settings the user's git takes."""
        for uid in confine.users():
            with self.subTest(uid=uid), confine.Place(uid) as place:
                self.prepare(place)
                place.run(["/usr/bin/git", "worktree", "add", "-q", place.path("tree")])
                settings = [f"agent.project={place.path('tree')}", f"tmp.scratch={place.path('scratch')}"]
                attempt = self.shell(f"cd {place.path('tree')}; echo 'int more;' >> src/main.c && echo written; echo gitdir: src > .git && echo changed")
                ran = place.confined(POLICY, attempt, settings)
                self.assertEqual(ran.stdout, "written\n")
                self.assertIn(confine.DENIED, ran.stderr)
                self.assertEqual(place.run(attempt).stdout, "written\nchanged\n")

    def test_a_third_layer_guards_another_file(self):
        more = """
ruleset deeper {
    allow write, create, remove, refer beneath / except ${agent.project}/src/.env
    leave execute, read_file, read_dir, make_char, make_block, ioctl_dev, tcp, scope unrestricted
}
when exec matches /** always apply deeper with nnp
"""
        for uid in confine.users():
            with self.subTest(uid=uid), confine.Place(uid) as place:
                settings = self.prepare(place)
                place.write("app/src/.env", "TOKEN=planted\n")
                change = self.shell("echo TOKEN=mine > src/.env && echo changed; echo > src/main.c && echo written")
                self.assertEqual(place.confined(POLICY + more, change, settings).stdout, "written\n")
                self.assertEqual(place.confined(POLICY, change, settings).stdout, "changed\nwritten\n")

    def test_the_kernel_refuses_all_else(self):
        for uid in confine.users():
            with confine.Place(uid) as place, Port() as port, Outsider(place) as outsider:
                settings = self.prepare(place)
                key, outside, ran = place.path("home/.ssh/id_ed25519"), place.path("outside/made"), place.path("outside/ran")
                hook = place.path("app/.git/hooks/post-checkout")
                place.write("app/.git/rebase-merge/git-rebase-todo", "")
                shadow = [Attempt("read shadow", self.shell("cat /etc/shadow"), printed(SHADOW))] if uid == 0 else []
                self.refused(place, POLICY, shadow + [
                    Attempt("read a key", self.shell(f"cat {key}"), printed(KEY)),
                    Attempt("write outside", self.shell(f"echo x > {outside}"), made(outside), undo=gone(outside)),
                    Attempt("plant a hook", self.shell(f"echo evil > {hook}"), made(hook), undo=gone(hook)),
                    Attempt("move a hook in", self.shell(f"echo evil > src/x; mv -f src/x {hook}"), made(hook), undo=gone(hook)),
                    Attempt("plant a hook of a submodule", self.shell("echo evil > .git/modules/library/hooks/x && echo planted"),
                            printed("planted")),
                    Attempt("change the index", self.shell("cat .git/index > $TMPDIR/i; cat $TMPDIR/i > .git/index && echo changed"),
                            printed("changed\n")),
                    Attempt("change what a rebase does next", self.shell("echo exec evil > .git/rebase-merge/git-rebase-todo && echo changed"),
                            printed("changed\n")),
                    Attempt("switch branches", self.shell("echo ref: refs/heads/evil > .git/HEAD && echo changed; git symbolic-ref HEAD refs/heads/master"),
                            printed("changed\n")),
                    Attempt("change git's settings", self.shell("git config core.fsmonitor evil && echo changed"), printed("changed"), "error"),
                    Attempt("change a dotenv file", self.shell("echo TOKEN=mine > .env && echo changed"), printed("changed\n")),
                    Attempt("replace a dotenv file", self.shell("echo > src/env; mv -f src/env .env && echo changed"), printed("changed\n")),
                    Attempt("run a program outside", self.shell(place.path("outside/evil")), made(ran), undo=gone(ran)),
                    Attempt("run from the scratch", self.shell("cp /bin/true $TMPDIR/t && $TMPDIR/t && echo run"), printed("run\n")),
                    Attempt("connect elsewhere", self.shell(f"echo > /dev/tcp/127.0.0.1/{port.number} && echo met"), printed("met\n")),
                    Attempt("signal outside", self.shell(f"kill -0 {outsider.pid} && echo found"), printed("found\n"), "Operation not permitted"),
                ], settings)
                self.assertTrue(os.path.exists(place.path("app/.git/config")))


if __name__ == "__main__":
    confine.main()
