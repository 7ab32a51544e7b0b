# SPDX-License-Identifier: Apache-2.0
"""Figures of execs and of loading from emulated machines (scripts/vm), whose time is counted by instructions. With one CPU:
time that all of several wait for each other is no work, and the emulator's."""
import os
import pathlib
import re
import shutil
import subprocess
from typing import NamedTuple

import inputs

ROOT = pathlib.Path(__file__).resolve().parents[1]
FEATURES = "/etc/apparmor.d/abi/3.0"  # what apparmor_parser compiles for
PROFILES = 1000


class Machine(NamedTuple):
    kernel: str
    title: str
    backends: tuple[str, ...]


MACHINES = (Machine("6.12", "Debian's 6.12", ("supervise",)),
            Machine("series", "6.12 with the exec-time series", ("kernel-map", "kernel-object")))


def fill(folder: pathlib.Path, llc: pathlib.Path, rules: tuple[int, ...], apparmor: bool) -> None:
    """What the scenario `figures` finds in /bench: objects, and AppArmor's profiles where its parser is installed."""
    folder.mkdir()
    policies = {f"rules_{size}": inputs.one_match(size) for size in rules} | {"audit": inputs.audited()}
    for name, text in policies.items():
        source = folder.parent / f"{name}.ll"
        source.write_text(text)
        subprocess.run([str(llc), str(source), "-o", str(folder / f"{name}.o")], check=True)
    parser = shutil.which("apparmor_parser", path=os.environ["PATH"] + ":/usr/sbin:/sbin")
    if apparmor and parser:
        source = folder.parent / "profiles.aa"
        source.write_text(inputs.many_profiles(PROFILES - 1) + "profile profiled /tmp/profiled { /** rmix, }\n")
        with (folder / "profiles").open("wb") as binary:
            subprocess.run([parser, "-S", "-Q", "-K", "-M", FEATURES, str(source)], check=True, stdout=binary)


def run(machine: Machine, build: pathlib.Path, bench: pathlib.Path, execs: int) -> str:
    """What the scenario printed. Fails where it did, with its last lines."""
    command = [str(ROOT / "scripts/vm"), "--build", str(build), "--count", "--cpus", "1", "--memory", "2048", "--timeout", "900",
               "--add", f"{build}/bin/exec_loop=/usr/bin/exec_loop", "--add", "/usr/bin/true=/usr/bin/true",
               "--add", f"{bench}=/bench", machine.kernel, "figures", str(execs), *machine.backends]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError((done.stdout + done.stderr)[-2000:])
    return done.stdout


def figures(folder: pathlib.Path, build: pathlib.Path, quick: bool) -> list[dict]:
    """One entry a machine: {"kernel", "execs": [{"case", "us", "ratio"}], "loads": […]}; ratios to no policy."""
    rows: list[dict] = []
    if not shutil.which("qemu-system-x86_64"):
        print("\nmachines: not measured: qemu-system-x86_64 is missing; run scripts/install-deps")
        return rows
    for machine in MACHINES[:1] if quick else MACHINES:
        bench = folder / f"bench-{machine.kernel}"
        fill(bench, build / "bin/llc", (1, 1000) if quick else (1, 1000, 10000, 100000), machine.kernel == "6.12")
        print(f"\nexec on {machine.title}: microseconds of vfork, exec and wait of /bin/true in an emulated machine")
        text = run(machine, build, bench, 5 if quick else 50)
        execs = [(case, int(ns) / 1e3) for case, ns in re.findall(r"^exec (.*): (\d+)$", text, re.MULTILINE)]
        none = min(us for case, us in execs if case.startswith("no policy"))
        entry = {"kernel": machine.title, "execs": [{"case": case, "us": us, "ratio": us / none} for case, us in execs], "loads": []}
        for row in entry["execs"]:
            print(f"{row['case']:>48} {row['us']:8.1f} {row['ratio']:7.3f}x")
        print(f"load on {machine.title}: milliseconds of llload, KiB\n{'backend':>16} {'rules':>8} {'install':>8} {'replace':>8} {'maps':>8} {'object':>8}")
        for backend, *numbers in re.findall(r"^load (\S+): (\d+) (\d+) (\d+) (\d+) (\d+)$", text, re.MULTILINE):
            rules, install, replace, maps, size = map(int, numbers)
            entry["loads"].append({"backend": backend, "rules": rules, "install_ms": install, "replace_ms": replace,
                                   "map_bytes": maps, "object_bytes": size})
            print(f"{backend:>16} {rules:8} {install:8} {replace:8} {maps / 1024:8.0f} {size / 1024:8.0f}", flush=True)
        rows.append(entry)
    return rows
