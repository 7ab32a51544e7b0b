# SPDX-License-Identifier: Apache-2.0
"""The library on trees laid out as distributions do: merged and unmerged /usr, Fedora's lib64 and /etc/pki, Alpine's musl.

Each tree is made here of a small program, linked with glibc or with musl (musl-gcc), that takes a shell's place, and of
Debian's tar, in the directories that the distribution has. llrun runs in the tree (chroot, in a mount namespace of its
own) with libraries of its own beside. No other distribution's packages are run.
"""
import os
import re
import shutil
import subprocess
import sys
import unittest

import confine

PROGRAM = r"""
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
int main(int argc, char** argv) {
    char text[200];
    if (argc > 2 && !strcmp(argv[1], "run")) {
        if (fork() == 0) {
            execv(argv[2], argv + 2);
            perror(argv[2]);
            _exit(9);
        }
        int status = 0;
        wait(&status);
        return WIFEXITED(status) ? WEXITSTATUS(status) : 8;
    }
    int fd = open(argv[2], !strcmp(argv[1], "write") ? O_WRONLY | O_APPEND : O_RDONLY);
    if (fd < 0) {
        perror(argv[2]);
        return 9;
    }
    ssize_t size = strcmp(argv[1], "read") ? 0 : read(fd, text, sizeof text);
    if (size > 0) {
        fwrite(text, 1, (size_t)size, stdout);
    }
    return 0;
}
"""
POLICY = confine.HEAD + """import std/base
import std/shell
import std/tar
import std/tls
use rules tar
ruleset job extends base, base.machine, shell, tls {
    allow read beneath /srv
}
when exec matches /{usr/,}bin/dash apply job with nnp
"""
ENTER = """mount --rbind /dev "$1/dev" && mount --rbind /proc "$1/proc" && root=$1 && shift && exec chroot "$root" "$@" """
DEBIAN = "lib/x86_64-linux-gnu"
# Links, where programs and libraries are, the loader, and what tls gives and doesn't.
LAYOUTS = {
    "merged": {"links": {"bin": "usr/bin", "lib": "usr/lib", "lib64": "usr/lib64"}, "programs": "usr/bin", "libraries": "usr/" + DEBIAN,
               "authority": "etc/ssl/certs/ca-certificates.crt", "key": "etc/ssl/private/host.key"},
    "unmerged": {"links": {}, "programs": "bin", "libraries": DEBIAN, "authority": "etc/ssl/certs/ca-certificates.crt",
                 "key": "etc/ssl/private/host.key"},
    "fedora": {"links": {"bin": "usr/bin", "lib": "usr/lib", "lib64": "usr/lib64"}, "programs": "usr/bin", "libraries": "usr/lib64",
               "authority": "etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem", "key": "etc/pki/tls/private/host.key"},
    "alpine": {"links": {}, "programs": "bin", "libraries": "lib", "authority": "etc/ssl/cert.pem", "key": "etc/ssl/private/host.key"}}


def linked(path):
    """What a program of this machine is linked to."""
    return re.findall(r"(/\S+) \(0x", subprocess.run(["ldd", path], capture_output=True, text=True, check=True).stdout)


class Layouts(confine.Proof):
    def tree(self, place, layout):
        """Makes the tree in `root`."""
        for name in ("usr/bin", "usr/lib", "usr/lib64", "etc", "dev", "proc", "srv", "root", "out", "tools", layout["libraries"]):
            os.makedirs(place.path("root/" + name), exist_ok=True)
        for name in ("bin", "lib", "lib64"):
            if name in layout["links"]:
                os.symlink(layout["links"][name], place.path("root/" + name))
            else:
                os.makedirs(place.path("root/" + name), exist_ok=True)
        for name in ("srv/file", layout["authority"]):
            place.write("root/" + name, "open\n")
        for name in ("etc/shadow", "root/secret", layout["key"]):
            place.write("root/" + name, "secret\n")
        programs, libraries = place.path("root/" + layout["programs"]), place.path("root/" + layout["libraries"])
        musl = layout is LAYOUTS["alpine"]
        subprocess.run(["musl-gcc" if musl else "gcc", "-x", "c", "-O1", "-o", programs + "/dash", "-"], input=PROGRAM, text=True, check=True)
        for name in (programs + "/cat", place.path("root/srv/evil")):
            shutil.copy(programs + "/dash", name)
        if musl:
            shutil.copy("/usr/lib/x86_64-linux-musl/libc.so", libraries + "/ld-musl-x86_64.so.1")
            os.symlink("ld-musl-x86_64.so.1", libraries + "/libc.musl-x86_64.so.1")
        else:
            shutil.copy("/usr/bin/tar", programs)
            for library in linked(programs + "/dash") + linked("/usr/bin/tar"):
                # Where binaries have it written, whatever that is in the layout.
                shutil.copy(library, place.path("root/lib64") if "ld-linux" in library else libraries)
            with open(place.path("root/etc/ld.so.conf"), "w", encoding="utf-8") as conf:
                conf.write(f"/{layout['libraries']}\n")
            subprocess.run(["/sbin/ldconfig", "-r", place.path("root")], check=True)
        for file in [confine.BIN + "/llrun", *linked(confine.BIN + "/llrun")]:
            shutil.copy(file, place.path("root/tools"))
        shutil.copy(place.compiled(POLICY), place.path("root/policy.o"))

    def run_in(self, place, command, confined):
        loader = ["/tools/ld-linux-x86-64.so.2", "--library-path", "/tools", "/tools/llrun", "--set", "tar.source=/srv", "--set", "tar.target=/out",
                  "/policy.o", "--"]
        return subprocess.run(["unshare", "--mount", "sh", "-c", ENTER, "sh", place.path("root"), *(loader if confined else []), *command],
                              capture_output=True, text=True, check=False, timeout=90, stdin=subprocess.DEVNULL, env={})

    def check_layout(self, name):
        layout = LAYOUTS[name]
        with confine.Place(0) as place:
            self.tree(place, layout)
            shell, cat = (f"/{layout['programs']}/{program}" for program in ("dash", "cat"))
            jobs = [[shell, "read", "/srv/file"], [shell, "read", "/" + layout["authority"]], [shell, "run", cat, "read", "/srv/file"]]
            refused = [[shell, "read", "/etc/shadow"], [shell, "read", "/root/secret"], [shell, "read", "/" + layout["key"]], [shell, "list", "/root"],
                       [shell, "write", "/srv/file"], [shell, "run", "/srv/evil", "read", "/srv/file"], [shell, "run", cat, "read", "/etc/shadow"]]
            if name != "alpine":
                tar = f"/{layout['programs']}/tar"
                jobs.append([tar, "-C", "/srv", "-cf", "/out/a.tar", "--totals=USR1", "-v", "file"])
                refused.append([tar, "-C", "/root", "-cf", "/out/b.tar", "secret"])
            for command in jobs:
                with self.subTest(layout=name, job=command):
                    plain, held = self.run_in(place, command, False), self.run_in(place, command, True)
                    self.assertEqual(plain.returncode, 0, plain.stderr)
                    self.assertTrue(plain.stdout)
                    self.assertEqual((held.returncode, held.stdout), (0, plain.stdout), held.stderr)
            for command in refused:
                with self.subTest(layout=name, refused=command):
                    self.assertEqual(self.run_in(place, command, False).returncode, 0)
                    held = self.run_in(place, command, True)
                    self.assertNotEqual(held.returncode, 0)
                    self.assertIn(confine.DENIED, held.stderr)

    def test_merged(self):
        self.check_layout("merged")

    def test_unmerged(self):
        self.check_layout("unmerged")

    def test_like_fedora(self):
        self.check_layout("fedora")

    @unittest.skipUnless(shutil.which("musl-gcc"), "musl-tools is not installed")
    def test_like_alpine(self):
        self.check_layout("alpine")


if __name__ == "__main__":
    if os.geteuid() != 0:
        print("chroot needs root")
        sys.exit(77)
    confine.main()
