# SPDX-License-Identifier: Apache-2.0
"""Runs a real program under llrun with a policy of the standard library, as root and as an ordinary user.

A test takes a `Place`: a scratch directory with a home that holds planted secrets. It runs the program's normal job
plainly and confined and compares (`Proof.same`), then has the program itself try what it must not do: each `Attempt`
succeeds without llrun and is refused by the kernel under it (`Proof.refused`).
"""
import contextlib
import ctypes
import dataclasses
import http.server
import json
import os
import pwd
import shutil
import socket
import ssl
import subprocess
import sys
import tempfile
import threading
import time
import unittest
from collections.abc import Callable

BIN = os.environ["LANDLATCH_BIN"]  # the folder of llc and llrun
USER = 1000  # whom a run as an ordinary user runs as; needs no entry in /etc/passwd
DENIED = "Permission denied"
KEY = "planted key"
SHADOW = "root:"  # how /etc/shadow begins

# What the library is written for, and given up on older kernels by name.
HEAD = "abi 7\nrequires abi 1 leaving truncate, ioctl_dev, tcp, scope unrestricted\n"


def abi():
    """Of the running kernel's Landlock; 0 without one."""
    return max(0, ctypes.CDLL(None, use_errno=True).syscall(444, None, 0, 1))


def using(*names):
    """A policy that takes the rules of std/NAME, for each."""
    return HEAD + "".join(f"import std/{name}\nuse rules {name}\n" for name in names)


# Every block, in the newest vocabulary.
BLOCKS = "abi 10\nrequires abi 1 leaving truncate, ioctl_dev, tcp, udp, scope, resolve_unix unrestricted\n" + "".join(
    f"import std/{name}\n" for name in "base dbus dns fonts gpu home systemd tls tmp tty users wayland x11".split())


def policy(blocks, more="", matches="/usr/bin/*"):
    """A policy of std/base, `blocks` and what `more` allows, for the programs that the pattern matches."""
    return BLOCKS + f"ruleset r extends base, {blocks} {{ {more} }}\nwhen exec matches {matches} apply r with nnp\n"


NAMED = 65534  # the same, for programs that want to be in /etc/passwd


def users(named=False):
    """The uids a test runs as: both when root, else ours alone."""
    return [0, NAMED if named else USER] if os.geteuid() == 0 else [os.geteuid()]


class Place:
    """A directory that `uid` owns, below /tmp: `app` and `home` with a planted key; gone at the end of `with`."""

    def __init__(self, uid):
        self.uid = uid
        self.environment = {}
        self.policy = None  # whose object is policy.o

    def __enter__(self):
        self.root = tempfile.mkdtemp(prefix="landlatch-stdlib-")
        os.chmod(self.root, 0o755)
        self.write("home/.ssh/id_ed25519", KEY + "\n")
        self.write("app/.keep", "")
        self.write("scratch/.keep", "")
        # What must never run: made where everyone can write.
        self.write("outside/evil", f"#!/bin/sh\necho evil > {self.path('outside/ran')}\n", 0o755)
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
        self.own()
        return path

    def read(self, name):
        with open(self.path(name), encoding="utf-8") as file:
            return file.read()

    def own(self):
        """Gives all that is there to `uid`."""
        if os.geteuid() == 0:
            for folder, folders, files in os.walk(self.root):
                for entry in [folder] + [os.path.join(folder, name) for name in folders + files]:
                    os.lchown(entry, self.uid, self.uid)

    def options(self):
        """Of subprocess: as `uid`, in `app`."""
        drop = (lambda: (os.setgroups([]), os.setgid(self.uid), os.setuid(self.uid))) if os.geteuid() != self.uid else None
        environment = {"PATH": "/usr/bin:/bin:/usr/sbin:/sbin", "HOME": self.path("home"), "LC_ALL": "C.UTF-8",
                       "TMPDIR": self.path("scratch"), **self.environment}
        return {"cwd": self.path("app"), "env": environment, "preexec_fn": drop, "text": True, "errors": "replace",
                "stdin": subprocess.DEVNULL}

    def run(self, command, **more):
        """Plainly, as `uid`, in `app`."""
        return subprocess.run(command, **{**self.options(), "capture_output": True, "timeout": 90, "check": False, **more})

    def compiled(self, policy):
        if self.policy == policy:
            return self.path("policy.o")
        source = self.write("policy.ll", policy)
        made = self.run([f"{BIN}/llc", source, "-o", self.path("policy.o")])
        if made.returncode != 0:
            raise AssertionError(made.stderr)
        self.policy = policy
        return self.path("policy.o")

    def under(self, policy, command, settings=()):
        """The command line that runs `command` under llrun with `policy`, a source text."""
        sets = [word for setting in settings for word in ("--set", setting)]
        return [f"{BIN}/llrun", "--log", self.path("events.jsonl"), *sets, self.compiled(policy), "--", *command]

    def events(self):
        """llrun's decisions that weren't `none`."""
        with open(self.path("events.jsonl"), encoding="utf-8") as lines:
            return [json.loads(line) for line in lines]

    def confined(self, policy, command, settings=(), **more):
        """Under llrun; `events` of the result are those of this run."""
        with contextlib.suppress(FileNotFoundError):
            os.unlink(self.path("events.jsonl"))
        ran = self.run(self.under(policy, command, settings), **more)
        ran.events = self.events() if os.path.exists(self.path("events.jsonl")) else []
        return ran

    def server(self, command, port, stop=15):
        """Runs a server (plain, or `under(…)`) while the body runs; ready when it listens on `port`."""
        return self.program(command, lambda: listens(port), stop)

    @contextlib.contextmanager
    def program(self, command, ready, stop=15):
        """Runs a program (plain, or `under(…)`) while the body runs, from when `ready` says so."""
        with open(self.path("server.log"), "w+", encoding="utf-8", errors="replace") as log:
            process = subprocess.Popen(command, **{**self.options(), "stdout": log, "stderr": log})
            try:
                if not wait_for(ready, process):
                    raise AssertionError(f"the server ended with {process.poll()}: {self.read('server.log')}")
                yield process
            finally:
                process.send_signal(stop)
                try:
                    process.wait(20)
                except subprocess.TimeoutExpired:
                    process.kill()
                    process.wait()


def free_port():
    """A TCP port of loopback that nobody listens on now."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


def listens(port):
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
        return True
    return False


def wait_for(ready, process):
    """Until `ready()`; false if `process` has ended before, or after half a minute."""
    for _ in range(600):
        if process.poll() is not None:
            return False
        if ready():
            return True
        time.sleep(0.05)
    return False


def nothing():
    pass


@dataclasses.dataclass
class Attempt:
    """Something the program must not do. `done` tells from the finished run, and from the world, whether it did."""

    name: str
    command: list
    done: Callable
    says: str = DENIED  # in what the confined program prints: the kernel's refusal. "": the program is silent about it
    undo: Callable = nothing  # called before each run


def printed(text):
    return lambda ran: text in ran.stdout + ran.stderr


def made(path):
    """The outcome `path exists`, for Attempt's `done`; take `gone(path)` as its `undo`."""
    return lambda _: os.path.exists(path)


def gone(path):
    def undo():
        with contextlib.suppress(FileNotFoundError):
            os.unlink(path)
    return undo


class Proof(unittest.TestCase):
    """What each test of a program asserts."""

    def same(self, place, policy, command, settings=(), selected=None, clean=nothing, result=lambda ran: ran.stdout):
        """`command` succeeds and gives the same confined as plain; llrun applied a ruleset to `selected`, if given."""
        clean()
        plain = place.run(command)
        self.assertEqual(plain.returncode, 0, plain.stderr)
        wanted = result(plain)
        self.assertTrue(wanted)
        clean()
        ran = place.confined(policy, command, settings)
        self.assertEqual(ran.returncode, 0, ran.stderr + str(ran.events[-3:]))
        self.assertEqual(result(ran), wanted)
        self.assertSelected(ran.events, selected)
        return ran

    def assertSelected(self, events, image):
        applied = {event["exec"] for event in events if event["decision"] == "apply"}
        if image is None:
            self.assertTrue(applied)
        else:
            self.assertIn(os.path.realpath(image), applied)

    def assertTried(self, report, tries, confined, uid):
        """`report` has a line `NAME true|false` for each of `tries`: whether it could be done. Confined none can, else
        all; what only root could (`shadow`) nobody else can."""
        done = dict(line.split() for line in report.splitlines())
        self.assertEqual(set(done), set(tries))
        if uid != 0:
            self.assertEqual(done.pop("shadow"), "false")
        self.assertEqual(set(done.values()), {"false" if confined else "true"}, done)

    def refused(self, place, policy, attempts, settings=()):
        """Each attempt succeeds plainly and not confined."""
        self.assertGreaterEqual(len(attempts), 5)
        for attempt in attempts:
            with self.subTest(attempt=attempt.name, uid=place.uid):
                attempt.undo()
                ran = place.confined(policy, attempt.command, settings)
                self.assertFalse(attempt.done(ran), ran.stdout + ran.stderr)
                self.assertIn(attempt.says, ran.stdout + ran.stderr)
                attempt.undo()
                free = place.run(attempt.command)
                self.assertTrue(eventually(lambda: attempt.done(free)), "without llrun it fails too: " + free.stdout + free.stderr)


def eventually(condition, seconds=5):
    """Whether the condition holds within that time: what a program has set off may come a moment after its end."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(0.02)
    return True


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


class Web:
    """An HTTP server on loopback outside the confined tree that answers every request with `text`, or with the files of
    `folder`; `tls`: a directory to make a certificate for localhost in, cert.pem, and speak HTTPS."""

    def __init__(self, text, tls=None, folder=None):
        self.asked = []
        web = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):  # pylint: disable=invalid-name
                sent = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                web.asked.append(f"{self.path} {sent.decode(errors='replace')}".rstrip())
                self.send_response(200)
                self.send_header("Content-Length", str(len(text)))
                self.end_headers()
                self.wfile.write(text.encode())

            do_POST = do_GET

            def log_message(self, *_):  # pylint: disable=arguments-differ
                pass

        class Files(http.server.SimpleHTTPRequestHandler):
            def __init__(self, *words):
                super().__init__(*words, directory=folder)

            def log_message(self, *_):  # pylint: disable=arguments-differ
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Files if folder else Handler)
        self.number = self.server.server_address[1]
        if tls:
            key, certificate = os.path.join(tls, "key.pem"), os.path.join(tls, "cert.pem")
            subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
                            "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1", "-days", "2",
                            "-keyout", key, "-out", certificate], check=True, capture_output=True)
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate, key)
            self.server.socket = context.wrap_socket(self.server.socket, server_side=True)

    def sent(self):
        """All that was asked and sent since the last clear()."""
        return "\n".join(self.asked)

    def __enter__(self):
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()


class Sshd:
    """An OpenSSH server on loopback that lets `key`.pub in as the one who runs the tests; `options` are for a client of
    `place`, whose home gets the key of the server as known."""

    def __init__(self, place):
        self.place = place
        self.port = free_port()
        self.user = pwd.getpwuid(os.geteuid()).pw_name
        self.key = place.path("home/.ssh/id_deploy")

    def __enter__(self):
        place, folder = self.place, self.place.path("sshd")
        os.makedirs(folder)
        for name in (self.key, folder + "/host"):
            subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", name], check=True, stdin=subprocess.DEVNULL)
        with open(folder + "/host.pub", encoding="utf-8") as file:
            place.write("home/.ssh/known_hosts", f"[127.0.0.1]:{self.port} {file.read()}")
        if os.geteuid() == 0:
            os.makedirs("/run/sshd", exist_ok=True)
            os.chmod(self.key, 0o600)
            os.chown(folder + "/host", 0, 0)
        place.write("sshd/config", f"""Port {self.port}
ListenAddress 127.0.0.1
HostKey {folder}/host
AuthorizedKeysFile {self.key}.pub
PidFile none
StrictModes no
UsePAM no
PermitRootLogin yes
SetEnv HOME={folder}
Subsystem sftp internal-sftp
""")
        for name in ("host", "config"):
            if os.geteuid() == 0:
                os.chown(f"{folder}/{name}", 0, 0)
            os.chmod(f"{folder}/{name}", 0o600)
        self.process = subprocess.Popen(["/usr/sbin/sshd", "-D", "-e", "-f", folder + "/config"], stderr=subprocess.PIPE)
        wait_for(lambda: listens(self.port), self.process)
        self.options = ["-F", "none", "-o", f"Port={self.port}", "-o", f"IdentityFile={self.key}", "-o", "IdentitiesOnly=yes",
                        "-o", "BatchMode=yes", "-o", f"UserKnownHostsFile={place.path('home/.ssh/known_hosts')}"]
        self.settings = [f"ssh.home={place.path('home')}", f"ssh.key={self.key}", f"ssh.ports={self.port}"]
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()
        self.process.stderr.close()


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
        """Whether it still runs a moment later: a signal takes that long to end it."""
        try:
            self.process.wait(timeout=0.1)
            return False
        except subprocess.TimeoutExpired:
            return True


def main():
    if abi() < 6:
        print(f"the library is proven on Landlock ABI 6 and newer; this kernel has {abi()}")
        sys.exit(77)
    unittest.main(verbosity=2, argv=sys.argv)
