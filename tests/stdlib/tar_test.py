# SPDX-License-Identifier: Apache-2.0
"""std/tar with Debian's GNU tar: packs and unpacks between two directories, and nothing else."""
import os

import confine
from confine import KEY, SHADOW, Attempt, gone, made, printed

POLICY = confine.using("tar")


def tree(folder):
    """Names, modes and contents below `folder`."""
    found = []
    for where, folders, files in os.walk(folder):
        for name in sorted(folders + files):
            path = os.path.join(where, name)
            text = os.readlink(path) if os.path.islink(path) else ""
            if os.path.isfile(path) and not os.path.islink(path):
                with open(path, encoding="utf-8") as file:
                    text = file.read()
            found.append((os.path.relpath(path, folder), os.lstat(path).st_mode, text))
    return str(sorted(found))


class Tar(confine.Proof):
    def test_packs_and_unpacks_with_each_compressor(self):
        for uid in confine.users():
            with confine.Place(uid) as place:
                place.write("in/tree/deep/file", "some text\n" * 1000)
                place.write("in/tree/program", "#!/bin/sh\n", 0o755)
                os.symlink("deep/file", place.path("in/tree/link"))
                os.link(place.path("in/tree/program"), place.path("in/tree/deep/again"))
                place.own()
                for letter in "zJj":
                    with self.subTest(uid=uid, compressor=letter):
                        self.pack_and_unpack(place, letter)

    def pack_and_unpack(self, place, letter):
        sets = [f"tar.source={place.path('in')}", f"tar.target={place.path('app')}"]
        made_of = ["/usr/bin/tar", "-C", place.path("in"), f"-c{letter}f", place.path("app/a"), "tree"]
        self.same(place, POLICY, made_of, sets, "/usr/bin/tar", clean=gone(place.path("app/a")),
                  result=lambda _: place.run(["/usr/bin/tar", "-tvf", "a"]).stdout)
        archive = place.path(f"in/a.{letter}")
        os.rename(place.path("app/a"), archive)
        self.same(place, POLICY, ["/usr/bin/tar", f"-x{letter}f", archive], sets, "/usr/bin/tar",
                  clean=lambda: place.run(["rm", "-rf", "tree"]), result=lambda _: tree(place.path("app/tree")))
        self.assertEqual(tree(place.path("app/tree")), tree(place.path("in/tree")))

    def test_the_kernel_refuses_all_else(self):
        for uid in confine.users():
            with confine.Place(uid) as place, confine.Outsider(place) as outsider:
                place.write("in/file", "text\n")
                sets = [f"tar.source={place.path('in')}", f"tar.target={place.path('app')}"]
                key, outside, ran = place.path("home/.ssh/id_ed25519"), place.path("outside/made"), place.path("outside/ran")
                into = ["/usr/bin/tar", "-C", place.path("in"), "-cf"]
                self.assertEqual(place.run([*into, place.path("in/a.tar"), "file"]).returncode, 0)
                shadow = [Attempt("pack shadow", [*into, "-", "-P", "/etc/shadow"], printed(SHADOW))] if uid == 0 else []
                evil = place.path("outside/evil")
                self.refused(place, POLICY, shadow + [
                    Attempt("pack a key", [*into, "-", "-P", key], printed(KEY)),
                    Attempt("archive outside", [*into, outside, "file"], made(outside), undo=gone(outside)),
                    Attempt("unpack outside", ["/usr/bin/tar", "-C", place.path("outside"), "-xf", place.path("in/a.tar")],
                            made(place.path("outside/file")), undo=gone(place.path("outside/file"))),
                    Attempt("run a checkpoint's action", [*into, "-", "--checkpoint=1", f"--checkpoint-action=exec={evil}", "file"],
                            made(ran), undo=gone(ran)),
                    Attempt("run a compressor of one's own", ["/usr/bin/tar", "-I", evil, "-xf", place.path("in/a.tar")], made(ran),
                            undo=gone(ran)),
                    Attempt("signal outside", [*into, "-", "--checkpoint=1",
                                               f"--checkpoint-action=exec=kill {outsider.pid}", "file"],
                            lambda _: not outsider.alive(), "Operation not permitted"),
                ], sets)


if __name__ == "__main__":
    confine.main()
