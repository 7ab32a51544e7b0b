# SPDX-License-Identifier: Apache-2.0
"""std/python with Debian's python3: a script does its job as without, and can do nothing else."""
import json
import os
import unittest

import confine

PYTHON = os.path.realpath("/usr/bin/python3")

POLICY = """abi 6
requires abi 1 leaving truncate, ioctl_dev, tcp, scope unrestricted
import std/python
use rules python
"""

# What many scripts need: a module of their own, the library's C extensions, locale, time zone, threads.
JOB = """
import concurrent.futures, datetime, decimal, hashlib, json, locale, mimetypes, random, re, sqlite3, ssl, sys, zlib
import own
locale.setlocale(locale.LC_ALL, "")
base = sqlite3.connect(":memory:")
base.execute("create table t (x)")
base.executemany("insert into t values (?)", [(i,) for i in range(10)])
with concurrent.futures.ThreadPoolExecutor(4) as pool:
    squares = list(pool.map(lambda x: x * x, range(10)))
print(json.dumps({
    "own": own.answer(), "sum": base.execute("select sum(x) from t").fetchone()[0], "squares": squares,
    "sha": hashlib.sha256(b"x").hexdigest(), "zlib": len(zlib.compress(b"y" * 1000)),
    "mime": mimetypes.guess_type("a.html")[0], "ssl": ssl.OPENSSL_VERSION, "decimal": str(decimal.Decimal(1) / 3),
    "year": datetime.datetime(2000, 1, 1).astimezone().isoformat(), "data": open("data.txt").read(),
    "python": sys.version_info[:2], "argv": sys.argv[1:], "random": len(random.SystemRandom().randbytes(4)),
}))
"""

# Each attempt prints its name and how it ended.
ATTEMPTS = """
import os, socket, subprocess, sys
scratch, home, port, outsider = sys.argv[1:5]
def attempt(name, action):
    try:
        action()
        print(name, "done")
    except PermissionError:
        print(name, "refused")
    except OSError as error:
        print(name, error.strerror)
attempt("read shadow", lambda: open("/etc/shadow").read())
attempt("read key", lambda: open(home + "/.ssh/id_ed25519").read())
attempt("list home", lambda: os.listdir(home))
attempt("write outside", lambda: open(scratch + "/outside", "w"))
attempt("write own file", lambda: open(__file__, "a"))
attempt("make directory", lambda: os.mkdir("sub"))
attempt("remove own file", lambda: os.unlink(__file__))
attempt("run a shell", lambda: subprocess.run(["/bin/sh", "-c", "true"]))
attempt("run from scratch", lambda: subprocess.run([scratch + "/evil"]))
attempt("connect", lambda: socket.create_connection(("127.0.0.1", int(port))))
def bind():
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
attempt("bind", bind)
attempt("signal outside", lambda: os.kill(int(outsider), 9))
"""


class Python(unittest.TestCase):
    def test_the_job_gives_what_it_gives_unconfined(self):
        for uid in confine.users():
            with self.subTest(uid=uid), confine.Place(uid) as place:
                place.write("app/own.py", "def answer():\n    return 42\n")
                place.write("app/data.txt", "some data\n")
                place.write("app/job.py", JOB)
                command = [PYTHON, "-B", place.path("app/job.py"), "one", "two"]
                plain = place.run(command)
                self.assertEqual(plain.returncode, 0, plain.stderr)
                self.assertEqual(json.loads(plain.stdout)["own"], 42)
                confined = place.confined(POLICY, command, [f"python.app={place.path('app')}"])
                self.assertEqual(confined.returncode, 0, confined.stderr)
                self.assertEqual(confined.stdout, plain.stdout)
                applied = [event for event in confined.events if event["decision"] == "apply"]
                self.assertEqual([event["exec"] for event in applied], [PYTHON])

    def test_a_script_started_by_its_name_is_confined_too(self):
        with confine.Place(confine.users()[-1]) as place:
            script = place.write("app/tool", "#!/usr/bin/python3\nopen('/etc/passwd')\n", 0o755)
            self.assertEqual(place.run([script]).returncode, 0)
            confined = place.confined(POLICY, [script], [f"python.app={place.path('app')}"])
            self.assertEqual(confined.returncode, 1)
            self.assertIn("PermissionError", confined.stderr)

    def test_the_kernel_refuses_all_else(self):
        for uid in confine.users():
            with self.subTest(uid=uid), confine.Place(uid) as place, confine.Port() as port, \
                    confine.Outsider(place) as outsider:
                place.write("app/attempts.py", ATTEMPTS)
                place.write("scratch/evil", "#!/bin/sh\ntrue\n", 0o755)
                command = [PYTHON, "-B", place.path("app/attempts.py"), place.path("scratch"), place.path("home"),
                           str(port.number), str(outsider.pid)]
                ran = place.confined(POLICY, command, [f"python.app={place.path('app')}"])
                self.assertEqual(ran.returncode, 0, ran.stderr)
                lines = ran.stdout.splitlines()
                self.assertEqual(len(lines), 12, ran.stdout)
                self.assertEqual([line for line in lines if not line.endswith(" refused")], [])
                self.assertTrue(outsider.alive())
                self.assertFalse(port.met())
                self.assertFalse(os.path.exists(place.path("scratch/outside")))
                # The same attempts succeed without llrun, so they show something. Those that harm come last.
                free = place.run(command)
                self.assertIn("read key done", free.stdout)
                self.assertIn("run from scratch done", free.stdout)
                self.assertIn("connect done", free.stdout)
                self.assertTrue(port.met())
                self.assertIn("signal outside done", free.stdout)


if __name__ == "__main__":
    confine.main()
