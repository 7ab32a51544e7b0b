# SPDX-License-Identifier: Apache-2.0
"""The building blocks of std with ordinary programs: each gives what it is for, and without it that is refused.

Sockets by path (D-Bus, systemd, Wayland, X11) are not restricted by the kernels that this runs on: tests/policies/blocks.ll
has those on the textual model.
"""
import fcntl
import os
import termios

import confine

HEAD = confine.HEAD + "".join(f"import std/{name}\n" for name in ("base", "dns", "fonts", "home", "tls", "tmp", "tty", "users"))


def policy(blocks, more=""):
    return HEAD + f"ruleset r extends base, {blocks} {{ {more} }}\nwhen exec matches /usr/bin/* apply r with nnp\n"


class Blocks(confine.Proof):
    def gives(self, blocks, command, settings=(), **how):
        """`command` works with `blocks`, and not with base alone."""
        for uid in confine.users():
            with self.subTest(command=command, uid=uid), confine.Place(uid) as place:
                self.same(place, policy(blocks), command, settings, **how)
                self.assertNotEqual(place.confined(policy("base.loader"), command).returncode, 0)

    def keeps(self, blocks, command, settings=(), says=confine.DENIED, uids=None):
        """`command` works plainly, and `blocks` don't give it."""
        for uid in uids or confine.users():
            with self.subTest(command=command, uid=uid), confine.Place(uid) as place:
                self.assertEqual(place.run(command).returncode, 0)
                ran = place.confined(policy(blocks), command, settings)
                self.assertNotEqual(ran.returncode, 0)
                self.assertIn(says, ran.stderr)

    def test_names_of_hosts(self):
        self.gives("dns", ["/usr/bin/getent", "services", "https"])
        self.keeps("dns", ["/usr/bin/cat", "/etc/passwd"])

    def test_names_of_users(self):
        self.gives("users", ["/usr/bin/getent", "passwd", "root"])
        self.keeps("users", ["/usr/bin/cat", "/etc/hosts"])
        self.keeps("users", ["/usr/bin/cat", "/etc/shadow"], uids=[0] if os.geteuid() == 0 else [])

    def test_certificates(self):
        if not os.path.exists("/etc/ssl/certs/ca-certificates.crt"):
            self.skipTest("ca-certificates is not installed")
        self.gives("tls", ["/usr/bin/openssl", "verify", "-CAfile", "/etc/ssl/certs/ca-certificates.crt",
                           "/etc/ssl/certs/" + sorted(name for name in os.listdir("/etc/ssl/certs") if name.endswith(".pem"))[0]])

    def test_figures_of_the_machine(self):
        self.gives("base.machine", ["/usr/bin/cat", "/proc/cpuinfo", "/proc/meminfo", "/proc/sys/kernel/pid_max"],
                   result=lambda ran: len(ran.stdout) // 100)
        self.keeps("base.machine", ["/usr/bin/cat", "/proc/self/environ", "/proc/1/status"])

    def test_scratch(self):
        for uid in confine.users():
            with self.subTest(uid=uid), confine.Place(uid) as place:
                settings = [f"tmp.scratch={place.path('scratch')}"]
                self.same(place, policy("tmp"), ["/usr/bin/mktemp"], settings, result=lambda ran: os.path.dirname(ran.stdout))
                place.environment["TMPDIR"] = place.path("outside")
                self.assertEqual(place.run(["/usr/bin/mktemp"]).returncode, 0)
                self.assertNotEqual(place.confined(policy("tmp"), ["/usr/bin/mktemp"], settings).returncode, 0)
                place.write("scratch/evil", "#!/bin/sh\n", 0o755)
                evil = ["/usr/bin/env", place.path("scratch/evil")]
                self.assertEqual(place.run(evil).returncode, 0)
                self.assertIn(confine.DENIED, place.confined(policy("tmp"), evil, settings).stderr)

    def test_the_terminal(self):
        with confine.Place(confine.users()[-1]) as place:
            ours, theirs = os.openpty()
            try:
                drop = place.options()["preexec_fn"]

                def terminal():
                    os.setsid()
                    fcntl.ioctl(theirs, termios.TIOCSCTTY, 0)
                    if drop:
                        drop()

                command = ["/usr/bin/stty", "-F", "/dev/tty", "size"]
                for blocks, works in (("tty", True), ("tls", False)):
                    ran = place.run(place.under(policy(blocks), command), preexec_fn=terminal)
                    self.assertEqual(ran.returncode == 0, works, ran.stderr)
                    self.assertIn("0 0" if works else confine.DENIED, ran.stdout + ran.stderr)
            finally:
                os.close(ours)
                os.close(theirs)

    def test_a_home_without_its_secrets(self):
        for uid in confine.users():
            with self.subTest(uid=uid), confine.Place(uid) as place:
                for name in ("notes", "doc/text", ".config/app/settings", ".bashrc"):
                    place.write("home/" + name, "open\n")
                secrets = (".ssh/id_ed25519", ".gnupg/x", ".aws/credentials", ".netrc", ".config/gh/hosts.yml", ".bash_history",
                           ".mozilla/firefox/logins.json", ".local/share/keyrings/login.keyring")
                for name in secrets:
                    place.write("home/" + name, "secret\n")
                place.own()
                settings = [f"home.home={place.path('home')}"]
                read = ["/usr/bin/cat", *[place.path("home/" + name) for name in ("notes", "doc/text", ".config/app/settings")]]
                self.same(place, policy("home.read"), read, settings)
                for name in secrets:
                    ran = place.confined(policy("home.write"), ["/usr/bin/cat", place.path("home/" + name)], settings)
                    self.assertIn(confine.DENIED, ran.stderr, name)
                for name, works in (("doc/new", True), (".bashrc", False), (".config/autostart", False), (".ssh/authorized_keys", False)):
                    ran = place.confined(policy("home.write"), ["/usr/bin/tee", "-a", place.path("home/" + name)], settings)
                    self.assertEqual(ran.returncode == 0, works, name + ran.stderr)

    def test_fonts(self):
        if not os.path.exists("/usr/bin/fc-list"):
            self.skipTest("fontconfig is not installed")
        for uid in confine.users():
            with self.subTest(uid=uid), confine.Place(uid) as place:
                self.same(place, policy("fonts"), ["/usr/bin/fc-list"], result=lambda ran: sorted(ran.stdout.splitlines()))


if __name__ == "__main__":
    confine.main()
