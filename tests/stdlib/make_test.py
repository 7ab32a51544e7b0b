# SPDX-License-Identifier: Apache-2.0
"""std/make with GNU make: builds a project and runs its tests; a recipe, which can be anything, gets no further."""
import confine
from confine import KEY, SHADOW, Attempt, Outsider, Port, gone, made, printed

POLICY = confine.using("gcc", "make")

MAKEFILE = """all: app check
table.c: table.txt gen
\t./gen < table.txt | sed 's/$$/,/' > body
\t(echo 'int table[] = {'; cat body; echo '};') > $@
gen: gen.c
\t$(CC) -o $@ $<
app: main.c table.c
\t$(CC) -O1 -o $@ $^
check: app
\t@test "$$(./app)" = 6 && echo passed $$(basename $(CURDIR)) | tr a-z A-Z
\t@find . -name '*.c' | sort | xargs wc -l | awk 'END { print $$1 }'
"""


class Make(confine.Proof):
    def settings(self, place):
        return [f"gcc.project={place.path('app')}", f"tmp.scratch={place.path('scratch')}"]

    def test_builds_and_checks(self):
        for uid in confine.users():
            with self.subTest(uid=uid), confine.Place(uid) as place:
                place.write("app/Makefile", MAKEFILE)
                place.write("app/table.txt", "1\n2\n3\n")
                place.write("app/gen.c", "#include <stdio.h>\nint main(void) { int n; while (scanf(\"%d\", &n) == 1) printf(\"%d\\n\", n); }\n")
                place.write("app/main.c", "#include <stdio.h>\nextern int table[3];\n"
                            "int main(void) { printf(\"%d\\n\", table[0] + table[1] + table[2]); }\n")
                self.same(place, POLICY, ["/usr/bin/make", "-j2", "all"], self.settings(place), "/usr/bin/make",
                          clean=lambda place=place: place.run(["rm", "-f", "app", "gen", "table.c", "body"]),
                          result=lambda ran: sorted(ran.stdout.splitlines()))
                self.assertIn("PASSED", place.run(["/usr/bin/make", "check"]).stdout)

    def test_the_kernel_refuses_all_else(self):
        for uid in confine.users():
            with confine.Place(uid) as place, Port() as port, Outsider(place) as outsider:
                key, outside, ran = place.path("home/.ssh/id_ed25519"), place.path("outside/made"), place.path("outside/ran")
                recipes = {"shadow": "cat /etc/shadow", "key": f"cat {key}", "write": f"echo x > {outside}",
                           "evil": place.path("outside/evil"), "script": f"sh {place.path('outside/evil')}",
                           "connect": f"bash -c 'echo > /dev/tcp/127.0.0.1/{port.number}' && echo met",
                           "signal": f"kill -0 {outsider.pid} && echo found", "python": "python3 -c 'print(6 * 7)'",
                           "scratch": f"cp /bin/true {place.path('scratch/t')} && {place.path('scratch/t')} && echo run"}
                place.write("app/Makefile", "".join(f"{name}:\n\t@{text}\n" for name, text in recipes.items()))

                def make(name):
                    return ["/usr/bin/make", name]

                shadow = [Attempt("read shadow", make("shadow"), printed(SHADOW))] if uid == 0 else []
                self.refused(place, POLICY, shadow + [
                    Attempt("read a key", make("key"), printed(KEY)),
                    Attempt("write outside", make("write"), made(outside), "make: ***", undo=gone(outside)),
                    Attempt("run a program outside", make("evil"), made(ran), undo=gone(ran)),
                    Attempt("run a script outside", make("script"), made(ran), "make: ***", undo=gone(ran)),
                    Attempt("connect", make("connect"), printed("met")),
                    Attempt("signal outside", make("signal"), printed("found"), "make: ***"),
                    Attempt("run an interpreter", make("python"), printed("42")),
                    Attempt("run what lies in the scratch", make("scratch"), printed("run")),
                ], self.settings(place))


if __name__ == "__main__":
    confine.main()
