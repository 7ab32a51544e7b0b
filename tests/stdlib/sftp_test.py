# SPDX-License-Identifier: Apache-2.0
"""std/sftp with OpenSSH's server under llrun and its client outside: a session gets at its directory and at nothing else."""
import os
import signal
import subprocess
import unittest

import confine
from confine import KEY, SHADOW, Sshd, free_port, listens, wait_for

POLICY = confine.using("sftp")


class Sftp(confine.Proof):
    def session(self, server, port, commands):
        """What an sftp session with `commands`, one a line, says."""
        options = [word.replace(f"Port={server.port}", f"Port={port}") for word in server.options]
        return subprocess.run(["/usr/bin/sftp", "-b", "-", *options, "-o", "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=/dev/null",
                               f"{server.user}@127.0.0.1"], input=commands, capture_output=True, text=True, timeout=60, check=False)

    @unittest.skipUnless(os.path.exists("/usr/lib/openssh/sftp-server"), "sftp-server is not installed")
    def test_a_session_keeps_to_its_directory(self):
        with confine.Place(os.geteuid()) as place, Sshd(place) as server:
            place.write("files/there", "text\n")
            files, key, outside = place.path("files"), place.path("home/.ssh/id_ed25519"), place.path("outside")
            port = free_port()
            configuration = place.read("sshd/config").replace(f"Port {server.port}", f"Port {port}").replace(
                "internal-sftp", "/usr/lib/openssh/sftp-server")
            config = place.write("sshd/config2", configuration + "ForceCommand /usr/lib/openssh/sftp-server\n", 0o600)
            os.chmod(place.path("sshd/host"), 0o600)
            os.chmod(server.key, 0o600)
            command = place.under(POLICY, ["/usr/sbin/sshd", "-D", "-e", "-f", config], [f"sftp.files={files}"])
            with open(place.path("server.log"), "w", encoding="utf-8") as log:
                process = subprocess.Popen(command, stdout=log, stderr=log, stdin=subprocess.DEVNULL)
            try:
                self.assertTrue(wait_for(lambda: listens(port), process), place.read("server.log"))
                job = (f"get {files}/there {place.path('app/got')}\nput {place.path('app/got')} {files}/put\nmkdir {files}/new\n"
                       f"rename {files}/put {files}/new/moved\nls -1 {files}\n")
                confined = self.session(server, port, job)
                self.assertEqual(confined.returncode, 0, confined.stderr + place.read("server.log"))
                self.assertEqual(place.read("files/new/moved"), "text\n")
                os.unlink(place.path("files/new/moved"))
                os.rmdir(place.path("files/new"))
                self.assertEqual(confined.stdout, self.session(server, server.port, job).stdout)
                attempts = [f"get {key} {place.path('app/key')}", f"ls {outside}", f"put {place.path('app/got')} {outside}/made",
                            f"mkdir {outside}/folder", f"rm {outside}/evil", f"rename {outside}/evil {files}/evil",
                            f"symlink {files}/there {outside}/link"]
                if os.geteuid() == 0:
                    attempts.append(f"get /etc/shadow {place.path('app/shadow')}")
                for attempt in attempts:
                    with self.subTest(attempt=attempt):
                        ran = self.session(server, port, attempt + "\n")
                        self.assertNotEqual(ran.returncode, 0, ran.stdout)
                        self.assertRegex(ran.stderr, "ermission denied|Failure|not found")
                self.assertTrue(os.path.exists(f"{outside}/evil"))
                for name, secret in (("key", KEY), ("shadow", SHADOW)):
                    path = place.path(f"app/{name}")
                    self.assertFalse(os.path.exists(path) and secret in place.read(f"app/{name}"))
                self.assertSelected(place.events(), "/usr/lib/openssh/sftp-server")
                for attempt in attempts[:4] + attempts[6:]:  # without llrun they succeed; those that remove are left out
                    with self.subTest(plain=attempt):
                        self.assertEqual(self.session(server, server.port, attempt + "\n").returncode, 0)
            finally:
                process.send_signal(signal.SIGTERM)
                process.wait(30)


if __name__ == "__main__":
    confine.main()
