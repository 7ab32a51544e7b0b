# SPDX-License-Identifier: Apache-2.0
"""std/unzip with Debian's zip and unzip: packs and unpacks between two directories, and nothing else."""
import confine
from confine import KEY, SHADOW, Attempt, gone, made, printed

POLICY = confine.using("unzip")


class Unzip(confine.Proof):
    def test_packs_and_unpacks(self):
        for uid in confine.users():
            with confine.Place(uid) as place:
                place.write("in/tree/deep/file", "some text\n" * 1000)
                sets = [f"unzip.source={place.path('in')}", f"unzip.target={place.path('app')}"]
                with self.subTest(uid=uid, act="zip"):
                    self.same(place, POLICY, ["/usr/bin/zip", "-r", "a.zip", place.path("in/tree")], sets, "/usr/bin/zip",
                              clean=gone(place.path("app/a.zip")))
                self.assertEqual(place.run(["/bin/sh", "-c", "cd ../in && zip -qr b.zip tree"]).returncode, 0)
                with self.subTest(uid=uid, act="unzip"):
                    self.same(place, POLICY, ["/usr/bin/unzip", place.path("in/b.zip")], sets, "/usr/bin/unzip",
                              clean=lambda place=place: place.run(["rm", "-rf", "tree"]),
                              result=lambda ran, place=place: ran.stdout + place.read("app/tree/deep/file"))

    def test_the_kernel_refuses_all_else(self):
        for uid in confine.users():
            with confine.Place(uid) as place:
                place.write("in/file", "text\n")
                self.assertEqual(place.run(["/bin/sh", "-c", "cd ../in && zip -q a.zip file"]).returncode, 0)
                sets = [f"unzip.source={place.path('in')}", f"unzip.target={place.path('app')}"]
                key, outside, ran = place.path("home/.ssh/id_ed25519"), place.path("outside/made.zip"), place.path("outside/ran")
                unpacked = place.path("outside/file")
                pack = ["/usr/bin/zip", "-0"]
                shadow = [Attempt("pack shadow", [*pack, "-", "/etc/shadow"], printed(SHADOW))] if uid == 0 else []
                self.refused(place, POLICY, shadow + [
                    Attempt("pack a key", [*pack, "-", key], printed(KEY)),
                    Attempt("archive outside", [*pack, outside, place.path("in/file")], made(outside), "", undo=gone(outside)),
                    Attempt("unpack outside", ["/usr/bin/unzip", "-d", place.path("outside"), place.path("in/a.zip")],
                            made(unpacked), "cannot create", undo=gone(unpacked)),
                    Attempt("read names from a key", ["/usr/bin/unzip", "-l", key], printed("End-of-central-directory"), "cannot find"),
                    Attempt("run a program as test", [*pack, "-T", "-TT", place.path("outside/evil"), "a.zip",
                                                      place.path("in/file")], made(ran), "", undo=gone(ran)),
                    Attempt("change the source", [*pack, place.path("in/new.zip"), place.path("in/file")],
                            made(place.path("in/new.zip")), "", undo=gone(place.path("in/new.zip"))),
                ], sets)


if __name__ == "__main__":
    confine.main()
