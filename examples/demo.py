# SPDX-License-Identifier: Apache-2.0
"""Tries what examples/python.ll allows and what it doesn't, and shows the kernel's answers. Fails where one is wrong."""
import errno
import os
import pathlib
import socket
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
SCRATCH = pathlib.Path(os.environ["LANDLATCH_SCRATCH"])


def connect(port: int) -> None:
    with socket.socket() as sock:
        try:
            sock.connect(("127.0.0.1", port))
        except ConnectionRefusedError:
            pass  # the kernel let it through, nobody listens


ATTEMPTS = [
    ("read its library", True, lambda: open("/usr/lib/os-release").read()),
    ("read this demo", True, lambda: open(HERE / "demo.py").read()),
    ("write in its scratch directory", True, lambda: (SCRATCH / "note").write_text("hello")),
    ("connect to port 443", True, lambda: connect(443)),
    ("read /etc/passwd", False, lambda: open("/etc/passwd").read()),
    ("list /home", False, lambda: os.listdir("/home")),
    ("write beside its scratch", False, lambda: (SCRATCH.parent / "other").write_text("x")),
    ("write into its own program", False, lambda: open(HERE / "demo.py", "a")),
    ("read /etc/passwd through a child", False, lambda: subprocess.run(
        ["/usr/bin/head", "-n1", "/etc/passwd"], check=True, capture_output=True)),
    ("connect to port 80", False, lambda: connect(80)),
]


def attempt(action) -> tuple[bool, str]:
    try:
        action()
        return True, ""
    except subprocess.CalledProcessError as error:
        return False, error.stderr.decode().strip().rsplit(": ", 1)[-1]
    except OSError as error:
        if error.errno not in (errno.EACCES, errno.EPERM):
            raise
        return False, os.strerror(error.errno)


def main() -> int:
    wrong = 0
    for what, expected, action in ATTEMPTS:
        allowed, reason = attempt(action)
        note = f"(kernel: {reason})" if reason else ""
        if allowed and not expected:
            # TCP is given up by name on kernels before 6.7: the policy says so, and llrun reported it.
            note = "(this kernel can't restrict it)"
            wrong += "port" not in what
        wrong += expected and not allowed
        print(f"python  {'allowed' if allowed else 'DENIED ':9} {what:32} {note}".rstrip(), flush=True)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
