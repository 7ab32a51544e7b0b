# SPDX-License-Identifier: Apache-2.0
"""std/ci with Debian's Buildbot: a worker in the cgroup of its unit takes a job of a master; what the job tries is refused.

label: heavy
"""
import contextlib
import os
import subprocess
import sys

import confine
from confine import Outsider, Port

POLICY = confine.using("ci")
UNIT = "system.slice/buildbot-worker@landlatch-test.service"
MASTER = """
from buildbot.plugins import schedulers, steps, util, worker
factory = util.BuildFactory([steps.ShellCommand(command=["sh", "{job}"])])
BuildmasterConfig = {{
    "workers": [worker.Worker("one", "password")], "protocols": {{"pb": {{"port": "tcp:{port}:interface=127.0.0.1"}}}},
    "schedulers": [schedulers.Periodic(name="start", builderNames=["build"], periodicBuildTimer=3600)],
    "builders": [util.BuilderConfig(name="build", workernames=["one"], factory=factory)],
    "db": {{"db_url": "sqlite:///state.sqlite"}}, "buildbotNetUsageData": None, "title": "test", "titleURL": "http://127.0.0.1/",
    "buildbotURL": "http://127.0.0.1/"}}
"""
JOB = """set -e
cd {app}
rm -rf build
git clone -q {app}/source build
cd build
make -s check > {app}/report
git log --format=%s >> {app}/report
/usr/bin/python3 -c 'import json; print(json.dumps(dict(answer=42)))' >> {app}/report
{tries}
echo > {app}/ready
"""


@contextlib.contextmanager
def unit():
    """A cgroup as systemd makes one for Buildbot's worker; yields what moves the calling process into it."""
    with open("/proc/mounts", encoding="utf-8") as mounts:
        top = next(line.split()[1] for line in mounts if line.split()[2] == "cgroup2")
    path = os.path.join(top, UNIT)
    os.makedirs(path, exist_ok=True)

    def enter():
        with open(path + "/cgroup.procs", "w", encoding="utf-8") as file:
            file.write("0")

    try:
        yield enter
    finally:
        confine.eventually(lambda: not open(path + "/cgroup.procs", encoding="utf-8").read(), 10)
        os.rmdir(path)
        with contextlib.suppress(OSError):  # systemd's own, where there is one
            os.rmdir(os.path.dirname(path))


class Ci(confine.Proof):
    def prepare(self, place, tries):
        """A repository, a master that wants it built at once, and a worker; the worker's command and settings."""
        port = confine.free_port()
        place.write("app/source/main.c", '#include <stdio.h>\nint main(void) { puts("built and run"); }\n')
        place.write("app/source/Makefile", "check: main\n\t./main\nmain: main.c\n\t$(CC) -o $@ $<\n")
        place.write("app/job", JOB.format(app=place.path("app"), tries=tries))
        os.makedirs(place.path("master"))
        place.own()
        git = ["/usr/bin/git", "-C", "source", "-c", "user.name=a", "-c", "user.email=a@example.org"]
        for command in ([*git, "init", "-q"], [*git, "add", "."], [*git, "commit", "-qm", "one"],
                        ["/usr/bin/buildbot", "create-master", "-q", place.path("master")],
                        ["/usr/bin/buildbot-worker", "create-worker", "-q", "worker", f"127.0.0.1:{port}", "one", "password"]):
            ran = place.run(command)
            self.assertEqual(ran.returncode, 0, ran.stdout + ran.stderr)
        place.write("master/master.cfg", MASTER.format(job=place.path("app/job"), port=port))
        return port, [f"ci.work={place.path('app')}", f"ci.master={port}", f"tmp.scratch={place.path('scratch')}"]

    def build(self, place, port, command, enter):
        """One build from the start of the master to the job's end."""
        options = place.options()

        def start():
            enter()
            options["preexec_fn"]()

        with place.server(["/usr/bin/buildbot", "start", "--nodaemon", place.path("master")], port):
            with open(place.path("worker.log"), "w", encoding="utf-8") as log:
                worker = subprocess.Popen(command, **{**options, "preexec_fn": start, "stdout": log, "stderr": log})
            try:
                confine.eventually(lambda: os.path.exists(place.path("app/ready")) or worker.poll() is not None, 90)
                self.assertTrue(os.path.exists(place.path("app/ready")), place.read("app/worker/twistd.log")[-3000:])
            finally:
                worker.kill()
                worker.wait()

    def test_a_job_works_and_gets_no_further(self):
        reports = {}
        for confined in (True, False):
            with unit() as enter, confine.Place(confine.NAMED) as place, Port() as elsewhere, Outsider(place) as outsider:
                app, outside = place.path("app"), place.path("outside")
                place.write("home/.netrc", "password\n")
                tries = {
                    "key": f"cat {place.path('home/.ssh/id_ed25519')}", "netrc": f"cat {place.path('home/.netrc')}", "list": f"ls {place.path('home')}",
                    "write": f"echo > {outside}/made", "bashrc": f"echo evil >> {place.path('home/.bashrc')}", "evil": f"{outside}/evil",
                    "script": f"sh {outside}/evil", "scratch": f"cp /bin/true {place.path('scratch')}/t && {place.path('scratch')}/t",
                    "curl": "curl --version", "connect": f"bash -c 'echo > /dev/tcp/127.0.0.1/{elsewhere.number}'",
                    "listen": "/usr/bin/python3 -c 'import socket; socket.create_server((\"127.0.0.1\", 0))'", "signal": f"kill -0 {outsider.pid}"}
                lines = "".join(f"({text}) >/dev/null 2>&1 && echo {name} done >> {app}/tried || echo {name} refused >> {app}/tried\n"
                                for name, text in tries.items())
                port, settings = self.prepare(place, lines)
                command = ["/usr/bin/buildbot-worker", "start", "--nodaemon", "worker"]
                self.build(place, port, place.under(POLICY, command, settings) if confined else command, enter)
                reports[confined] = place.read("app/report")
                done = dict(line.split() for line in place.read("app/tried").splitlines())
                self.assertEqual(set(done), set(tries))
                self.assertEqual(set(done.values()), {"refused" if confined else "done"}, done)
                self.assertEqual(elsewhere.met(), not confined)
                if confined:
                    applied = [event for event in place.events() if event["decision"] == "apply"]
                    self.assertEqual({(event["script"], *event["rulesets"]) for event in applied}, {("/usr/bin/buildbot-worker", "ci.job")})
        self.assertEqual(reports[True], 'built and run\none\n{"answer": 42}\n')
        self.assertEqual(reports[True], reports[False])


if __name__ == "__main__":
    if os.geteuid() != 0:
        print("a unit's cgroup is made by root")
        sys.exit(77)
    confine.main()
