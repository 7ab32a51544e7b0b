# SPDX-License-Identifier: Apache-2.0
"""Runs a real program under llrun with a policy of the standard library, as root and as an ordinary user.

A test takes a `Place`: a scratch directory with a home that holds planted secrets. It runs the program's normal job
plainly and confined and compares, then has the program itself try what it must not do.
"""
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import unittest

BIN = os.environ["LANDLATCH_BIN"]  # the folder of llc and llrun
USER = 1000  # whom a run as an ordinary user runs as; needs no entry in /etc/passwd


def users():
    """The uids a test runs as: both when root, else ours alone."""
    return [0, USER] if os.geteuid() == 0 else [os.geteuid()]


class Place:
    """A directory that `uid` owns, below /tmp: `app` and `home` with a planted key; gone at the end of `with`."""

    def __init__(self, uid):
        self.uid = uid

    def __enter__(self):
        self.root = tempfile.mkdtemp(prefix="landlatch-stdlib-")
        os.chmod(self.root, 0o755)
        self.write("home/.ssh/id_ed25519", "planted key\n")
        self.write("app/.keep", "")
        return self

    def __exit__(self, *_):
        shutil.rmtree(self.root)

    def path(self, name):
        return os.path.join(self.root, name)

    def write(self, name, text, mode=0o644):
        path = self.path(name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        os.chmod(path, mode)
        if os.geteuid() == 0:
            for folder, folders, files in os.walk(self.root):
                for entry in [folder] + [os.path.join(folder, name) for name in folders + files]:
                    os.lchown(entry, self.uid, self.uid)
        return path

    def read(self, name):
        with open(self.path(name), encoding="utf-8") as file:
            return file.read()

    def run(self, command, **more):
        """Plainly, as `uid`, in `app`."""
        drop = (lambda: (os.setgroups([]), os.setgid(self.uid), os.setuid(self.uid))) if os.geteuid() != self.uid else None
        environment = {"PATH": "/usr/bin:/bin:/usr/sbin:/sbin", "HOME": self.path("home"), "LC_ALL": "C.UTF-8"}
        return subprocess.run(command, cwd=self.path("app"), env=environment, preexec_fn=drop, text=True,
                              capture_output=True, timeout=300, check=False, stdin=subprocess.DEVNULL, **more)

    def confined(self, policy, command, settings=()):
        """Under llrun with `policy`, a source text. `events` of the result are llrun's decisions that weren't `none`."""
        source = self.write("policy.ll", policy)
        made = self.run([f"{BIN}/llc", source, "-o", self.path("policy.o")])
        if made.returncode != 0:
            raise AssertionError(made.stderr)
        log = self.path("events.jsonl")
        if os.path.exists(log):
            os.unlink(log)
        sets = [word for setting in settings for word in ("--set", setting)]
        ran = self.run([f"{BIN}/llrun", "--log", log, *sets, self.path("policy.o"), "--", *command])
        with open(log, encoding="utf-8") as lines:
            ran.events = [json.loads(line) for line in lines]
        return ran


class Port:
    """A TCP listener on loopback outside the confined tree; `number` is its port, `met` whether somebody connected."""

    def __enter__(self):
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.socket.settimeout(0)
        self.number = self.socket.getsockname()[1]
        return self

    def __exit__(self, *_):
        self.socket.close()

    def met(self):
        try:
            self.socket.accept()[0].close()
            return True
        except BlockingIOError:
            return False


class Outsider:
    """A process of `uid` outside the confined tree, for it to signal; `alive` tells whether it did."""

    def __init__(self, place):
        self.place = place

    def __enter__(self):
        drop = (lambda: os.setuid(self.place.uid)) if os.geteuid() != self.place.uid else None
        self.process = subprocess.Popen(["/bin/sleep", "300"], preexec_fn=drop)
        self.pid = self.process.pid
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()

    def alive(self):
        return self.process.poll() is None


def main():
    unittest.main(verbosity=2, argv=sys.argv)
