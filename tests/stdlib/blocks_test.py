# SPDX-License-Identifier: Apache-2.0
"""The building blocks of std with ordinary programs: each gives what it is for, and without it that is refused.

Connecting to sockets by path (D-Bus, systemd, Wayland, X11) is restricted by Landlock ABI 9 and newer: below it, clients
prove here that they need no more than their block, and tests/policies/blocks.ll has what they may connect to on the textual
model. desktop_test.py has what needs a display, tests/vm/scenarios/notify.sh what needs systemd.
"""
import contextlib
import fcntl
import os
import subprocess
import termios

import confine
from confine import policy


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

    @contextlib.contextmanager
    def bus(self, place, name):
        """A D-Bus daemon of the place's user, as the session's or the system's `name` says to clients."""
        place.environment["XDG_RUNTIME_DIR"] = place.path("run")
        place.write("run/.keep", "")
        with place.program(["/usr/bin/dbus-daemon", "--session", "--nofork", f"--address=unix:path={place.path('run/bus')}"],
                           lambda: os.path.exists(place.path("run/bus"))):
            place.environment[name] = f"unix:path={place.path('run/bus')}"
            yield

    def test_a_client_of_a_bus(self):
        if not os.path.exists("/usr/bin/dbus-daemon"):
            self.skipTest("dbus-daemon is not installed")
        for uid in confine.users():
            for which, name in (("session", "DBUS_SESSION_BUS_ADDRESS"), ("system", "DBUS_SYSTEM_BUS_ADDRESS")):
                with self.subTest(uid=uid, bus=which), confine.Place(uid) as place, self.bus(place, name):
                    ask = ["/usr/bin/dbus-send", f"--{which}", "--print-reply=literal", "--dest=org.freedesktop.DBus",
                           "/org/freedesktop/DBus"]
                    self.same(place, policy(f"dbus.{which}"), [*ask, "org.freedesktop.DBus.GetId"])
                    # The machine's identity is asked of clients, who read it: one that answers whoever calls it.
                    echo = ["/usr/bin/dbus-test-tool", "echo", f"--{which}", "--name=org.example.Echo"]
                    identity = ["/usr/bin/dbus-send", f"--{which}", "--print-reply=literal", "--dest=org.example.Echo", "/",
                                "org.freedesktop.DBus.Peer.GetMachineId"]
                    for blocks, works in ((f"dbus.{which}", True), ("base.loader", False)):
                        with place.program(place.under(policy(blocks), echo), lambda place=place, ask=ask: "org.example.Echo" in
                                           place.run([*ask, "org.freedesktop.DBus.ListNames"]).stdout):
                            self.assertEqual(place.run(identity).returncode == 0, works)

    def test_a_bus_gives_nothing_else(self):
        self.keeps("dbus.system", ["/usr/bin/cat", "/etc/passwd"])


if __name__ == "__main__":
    confine.main()
