# SPDX-License-Identifier: Apache-2.0
"""std/cron with Debian's cron: the daemon starts jobs of a user as it does by itself; what a job tries is refused.

The daemon runs in a mount namespace of its own, with crontabs and a /run made for it, so that nothing of the machine's
is run or changed. Its jobs are marked @reboot: they run when it starts.
"""
import contextlib
import os
import subprocess
import sys

import confine
from confine import NAMED, Outsider, Port

POLICY = confine.using("cron")
USER = "nobody"
MOUNTS = """mount --bind "$1/cron.d" /etc/cron.d && mount --bind "$1/crontabs" /var/spool/cron/crontabs &&
mount --bind /dev/null /etc/crontab && mount -t tmpfs none /run && shift && exec "$@"
"""


class Cron(confine.Proof):
    def settings(self, place):
        return [f"cron.scripts={place.path('jobs')}", f"cron.data={place.path('app')}"]

    @contextlib.contextmanager
    def daemon(self, place, table, confined):
        """cron with one crontab, plain or under llrun; ready when the last job, which is added to the table, has run."""
        place.write("cron.d/table", f"SHELL=/bin/sh\n{table}\n@reboot {USER} sleep 1; echo > {place.path('app/ready')}\n")
        os.makedirs(place.path("crontabs"), exist_ok=True)
        daemon = ["/usr/sbin/cron", "-f"]
        command = place.under(POLICY, daemon, self.settings(place)) if confined else daemon
        for name in ("cron.d", "cron.d/table", "crontabs"):
            os.chown(place.path(name), 0, 0)
        with contextlib.suppress(FileNotFoundError):
            os.unlink(place.path("app/ready"))
        process = subprocess.Popen(["unshare", "--mount", "sh", "-c", MOUNTS, "sh", place.root, *command], stdin=subprocess.DEVNULL,
                                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            self.assertTrue(confine.eventually(lambda: os.path.exists(place.path("app/ready")), 60), "the jobs did not run")
            yield
        finally:
            process.kill()
            process.wait()

    def test_a_job_does_its_work(self):
        results = []
        for confined in (False, True):
            with confine.Place(NAMED) as place, self.subTest(confined=confined):
                place.write("app/names", "pear\napple\npear\n")
                job = place.write("jobs/nightly", "#!/bin/sh\nset -e\ncd $1\nsort names | uniq -c | awk '{ print $2, $1 }' > new\nmv new report\n"
                                  "tar -czf names.tgz names\ntar -tzf names.tgz >> report\nid -un >> report\n", 0o755)
                table = f"@reboot {USER} {job} {place.path('app')}\n@reboot root echo root > {place.path('outside/root')}\n"
                with self.daemon(place, table, confined):
                    self.assertTrue(confine.eventually(lambda place=place: os.path.exists(place.path("outside/root"))))
                results.append(place.read("app/report"))
                if confined:
                    applied = [event for event in place.events() if event["decision"] == "apply"]
                    self.assertEqual({(event["exec"], event["parent"]) for event in applied}, {("/usr/bin/dash", "/usr/sbin/cron")})
                    self.assertEqual(applied[0]["rulesets"][0], "cron.job", applied[0])
        self.assertEqual(results[0], "apple 1\npear 2\nnames\nnobody\n")
        self.assertEqual(results[0], results[1])

    def test_a_job_gets_no_further(self):
        with confine.Place(NAMED) as place, Port() as port, Outsider(place) as outsider:
            app, outside = place.path("app"), place.path("outside")
            place.write("home/.netrc", "password\n")
            tries = {
                "key": f"cat {place.path('home/.ssh/id_ed25519')}", "netrc": f"grep . {place.path('home/.netrc')}", "list": f"ls {place.path('home')}",
                "write": f"echo > {outside}/made", "job": f"echo evil >> {place.path('jobs/nightly')}", "evil": f"{outside}/evil",
                "script": f"sh {outside}/evil", "data": f"cp /bin/true {app}/t && {app}/t", "python": "python3 -c 1",
                "connect": f"bash -c 'echo > /dev/tcp/127.0.0.1/{port.number}'", "signal": f"kill -0 {outsider.pid}"}
            place.write("jobs/nightly", "#!/bin/sh\n")
            place.write("app/tries", "".join(f"({text}) >/dev/null 2>&1 && echo {name} done || echo {name} refused\n" for name, text in tries.items()))
            # A crontab may name another shell than the policy knows.
            table = (f"@reboot {USER} sh {app}/tries > {app}/report\nSHELL=/usr/bin/python3\n"
                     f"@reboot {USER} print(open('{place.path('home/.netrc')}').read(), file=open('{app}/stolen', 'w'))\nSHELL=/bin/sh\n")
            for confined in (True, False):
                place.write("app/stolen", "")
                with self.daemon(place, table, confined):
                    confine.eventually(lambda: place.read("app/report").count("\n") == len(tries) and (confined or place.read("app/stolen")))
                done = dict(line.split() for line in place.read("app/report").splitlines())
                self.assertEqual(set(done), set(tries))
                self.assertEqual(set(done.values()), {"refused" if confined else "done"}, done)
                self.assertEqual("password" in place.read("app/stolen"), not confined)


if __name__ == "__main__":
    if os.geteuid() != 0:
        print("cron starts the jobs of others: this needs root")
        sys.exit(77)
    confine.main()
