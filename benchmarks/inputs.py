# SPDX-License-Identifier: Apache-2.0
"""Policies of any number of rules, the same as AppArmor profiles, and a project to build."""
import pathlib


def many_services(rules: int) -> str:
    """Each rule for the programs of one service, under its unit, with a ruleset of its own: 6 paths, 2 ports."""
    lines = ["abi 7"]
    for i in range(rules):
        lines += [f"ruleset app{i} {{",
                  "    allow read, execute beneath /usr, optional /lib",
                  f"    allow read beneath optional /opt/app{i}",
                  f"    allow read, write, create, remove beneath optional /srv/app{i}, optional /var/lib/app{i}, optional /var/log/app{i}",
                  "    allow tcp connect 443, 5432", "}",
                  f'when exec matches /opt/app{i}/bin/python3* and under unit "app{i}.service" apply app{i} with nnp']
    return "\n".join(lines) + "\n"


def many_profiles(rules: int) -> str:
    """The same paths as profiles of AppArmor 3.0, which knows neither units nor ports."""
    lines = ["abi <abi/3.0>,"]
    for i in range(rules):
        lines += [f"profile app{i} /opt/app{i}/bin/python3* {{", "  /usr/** mrix,", "  /lib/** mrix,", f"  /opt/app{i}/** r,",
                  f"  /srv/app{i}/** rw,", f"  /var/lib/app{i}/** rw,", f"  /var/log/app{i}/** rw,", "  network inet stream,", "}"]
    return "\n".join(lines) + "\n"


def few_patterns(rules: int) -> list[str]:
    """The programs of few_rulesets."""
    return [[f"/opt/app{i}/bin/*", f"/opt/app{i}/**.bin", f"/srv/tool{i}"][i % 3] for i in range(rules)]


def few_rulesets(rules: int) -> str:
    """Rules over programs, units and users that apply one of eight rulesets. No path of theirs is run by the benchmarks."""
    lines = ["abi 7", "requires abi 1 leaving truncate, ioctl_dev, tcp, scope unrestricted"]
    for i in range(min(rules, 8)):
        lines += [f"ruleset r{i} {{", "    allow read, execute beneath /usr, /lib, optional /lib64",
                  f"    allow read, write, create, remove beneath optional /srv/r{i}",
                  f"    allow tcp connect {443 + i}", "}"]
    for i, pattern in enumerate(few_patterns(rules)):
        condition = f"exec matches {pattern}" + ["", f" under unit app{i}", " user root"][i % 3]
        lines.append(f"when {condition} apply r{i % 8} with nnp")
    return "\n".join(lines) + "\n"


def confine_true() -> str:
    """Every exec of /usr/bin/true is confined."""
    return ("abi 7\nrequires abi 1 leaving truncate, ioctl_dev, tcp, scope unrestricted\n"
            "ruleset r { allow read, execute beneath /usr, optional /lib64, optional /etc }\n"
            "when exec matches /usr/bin/true apply r with nnp\n")


FILES_ONLY = "abi 2\nruleset r { allow read_file, write_file, execute beneath / }\n"


def one_match(rules: int) -> str:
    """Rules over programs, of which the first matches /tmp/victim."""
    lines = ["when exec matches /tmp/victim apply r with nnp"]
    lines += [f"when exec matches /opt/app{i}/bin/* apply r with nnp" for i in range(1, rules)]
    return FILES_ONLY + "\n".join(lines) + "\n"


def audited() -> str:
    return FILES_ONLY + "when exec matches /tmp/audited audit apply r with nnp\n"


def c_project(folder: pathlib.Path, files: int) -> None:
    """A Makefile and C files of a hundred functions each that make a program."""
    folder.mkdir()
    names = [f"part{i}" for i in range(files)]
    for name in names:
        (folder / f"{name}.c").write_text("".join(
            f"int {name}_{i}(int n) {{ int s = {i}; for (int k = 0; k < n; ++k) s = s * 31 + (s >> k % 7); return s; }}\n" for i in range(100)))
    (folder / "main.c").write_text("".join(f"int {name}_0(int);\n" for name in names) +
                                   "int main(void) { return 0 * (" + " + ".join(f"{name}_0(9)" for name in names) + "); }\n")
    objects = " ".join(f"{name}.o" for name in ["main", *names])
    (folder / "Makefile").write_text(f"main: {objects}\n\t$(CC) -o $@ $^\n%.o: %.c\n\t$(CC) -O2 -c -o $@ $<\nclean:\n\trm -f *.o main\n")


def confine_compiler() -> str:
    """Confines gcc and what it starts: compiler, assembler, linker."""
    return ("abi 7\nrequires abi 1 leaving truncate, ioctl_dev, tcp, scope unrestricted\n"
            "ruleset r { allow read, execute beneath /usr, optional /lib64, optional /etc\n    allow read, write, create, remove beneath /tmp, /dev }\n"
            "when exec matches /usr/{bin,lib/gcc/**}/{*gcc*,cc1,collect2,as,*-as,ld*,*-ld*} apply r with nnp\n")


def rules_over(patterns: list[str]) -> str:
    """A rule for each."""
    lines = ["abi 7", "ruleset r {", "    allow read beneath /usr", "}"]
    return "\n".join(lines + [f"when exec matches {pattern} apply r with nnp" for pattern in patterns]) + "\n"


def profiles_over(patterns: list[str]) -> str:
    """A profile of AppArmor 3.0 with them, which are one automaton there."""
    return "\n".join(["abi <abi/3.0>,", "profile p {", *(f"  {pattern} r," for pattern in patterns), "}"]) + "\n"


def two_ends(patterns: int) -> list[str]:
    """Read from the start, one automaton of them has a state for every set of them."""
    return [f"/**/k{i}/**/m{i}" for i in range(patterns)]


def between(patterns: int) -> list[str]:
    """From either end it has."""
    return [f"/**/k{i}/**" for i in range(patterns)]


def alternatives(components: int) -> list[str]:
    """One pattern of 4 to the power of so many paths."""
    return ["/{a,bb,ccc,dddd}" * components]


def long_pattern(length: int) -> list[str]:
    """One pattern of so many bytes."""
    return [f"/{'a' * (length - 2)}*"]


def same_prefix(patterns: int) -> list[str]:
    """Patterns that differ only at their ends."""
    return [f"/usr/lib/very/long/common/prefix/of/all/programs/p{i}" for i in range(patterns)]
