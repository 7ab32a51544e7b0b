# SPDX-License-Identifier: Apache-2.0
"""std/gcc with Debian's compilers: what they make runs; an #include of a secret, or a wrapper, is refused."""
import os

import confine
from confine import KEY, SHADOW, Attempt, gone, made, printed

POLICY = confine.using("gcc")


class Gcc(confine.Proof):
    def settings(self, place):
        return [f"gcc.project={place.path('app')}", f"tmp.scratch={place.path('scratch')}"]

    def test_compiles_what_then_runs(self):
        for uid in confine.users():
            with self.subTest(uid=uid), confine.Place(uid) as place:
                place.write("app/main.c", '#include <math.h>\n#include <stdio.h>\nint part(void);\n'
                            'int main(int n, char **v) { (void)v; printf("%d %.3f\\n", part(), sqrt(n + 1.0)); }\n')
                place.write("app/part.c", "int part(void) { return 42; }\n")
                place.write("app/main.cc", "#include <iostream>\n#include <vector>\nint main() { std::cout << "
                            "std::vector<int>(7).size() << std::endl; }\n")
                for command, program in ((["/usr/bin/gcc", "-O2", "-g", "-flto", "-o", "c", "main.c", "part.c", "-lm"], "c"),
                                         (["/usr/bin/g++", "-std=c++17", "-o", "cc", "main.cc"], "cc")):
                    self.same(place, POLICY, command, self.settings(place), command[0], clean=gone(place.path("app/" + program)),
                              result=lambda _, place=place, program=program: place.run([place.path("app/" + program)]).stdout)
                self.assertEqual(place.run([place.path("app/cc")]).stdout, "7\n")

    def test_the_kernel_refuses_all_else(self):
        for uid in confine.users():
            with confine.Place(uid) as place:
                key, outside, ran = place.path("home/.ssh/id_ed25519"), place.path("outside/made"), place.path("outside/ran")
                place.write("app/main.c", "int main(void) { return 0; }\n")
                place.write("app/key.c", f'#include "{key}"\n')
                place.write("app/shadow.c", '#include "/etc/shadow"\n')
                place.write("app/embed.c", f'__asm__(".incbin \\"{key}\\"");\nint main(void) {{ return 0; }}\n')
                os.symlink(place.path("outside/evil"), place.path("outside/ld"))
                gcc = ["/usr/bin/gcc"]
                shadow = [Attempt("include shadow", [*gcc, "-E", "shadow.c"], printed(SHADOW))] if uid == 0 else []
                self.refused(place, POLICY, shadow + [
                    Attempt("include a key", [*gcc, "-E", "key.c"], printed(KEY)),
                    Attempt("embed a key by the assembler", [*gcc, "-c", "embed.c", "-o", "embed.o"],
                            made(place.path("app/embed.o")), "file not found", undo=gone(place.path("app/embed.o"))),
                    Attempt("options from a key", [*gcc, "@" + key, "main.c"], printed("planted"), "@"),
                    Attempt("write outside", [*gcc, "-c", "main.c", "-o", outside], made(outside), undo=gone(outside)),
                    Attempt("dependencies outside", [*gcc, "-MD", "-MF", outside, "-c", "main.c"], made(outside), undo=gone(outside)),
                    Attempt("run a wrapper", [*gcc, "-wrapper", place.path("outside/evil"), "-c", "main.c"], made(ran), undo=gone(ran)),
                    Attempt("run another linker", [*gcc, "-B", place.path("outside/"), "main.c"], made(ran), "", undo=gone(ran)),
                ], self.settings(place))


if __name__ == "__main__":
    confine.main()
