# SPDX-License-Identifier: Apache-2.0
"""std/npm with npm and a registry on loopback: a package is installed and works; what its install script tries is refused."""
import json
import os
import re
import shutil

import confine
from confine import Outsider, Port, Web

NODE = os.path.realpath(shutil.which("node", path="/usr/local/bin:/usr/bin") or "/usr/bin/node")
NPM = shutil.which("npm", path="/usr/local/bin:/usr/bin") or "/usr/bin/npm"
POLICY = confine.using("npm")


def package(place, name, files, **more):
    """A package of the registry's folder."""
    about = {"name": name, "version": "1.0.0", "main": "index.js", **more}
    for file, text in {**files, "package.json": json.dumps(about)}.items():
        place.write(f"make/{name}/package/{file}", text, 0o755)
    os.makedirs(place.path(f"registry/{name}"), exist_ok=True)
    made = place.run(["/usr/bin/tar", "-C", place.path(f"make/{name}"), "-czf", place.path(f"registry/{name}-1.0.0.tgz"), "package"])
    assert made.returncode == 0, made.stderr
    return about


class Npm(confine.Proof):
    def ready(self, place, web, about, name):
        about["dist"] = {"tarball": f"http://127.0.0.1:{web.number}/{name}-1.0.0.tgz"}
        place.write(f"registry/{name}/index.html", json.dumps({"name": name, "dist-tags": {"latest": "1.0.0"}, "versions": {"1.0.0": about}}))
        place.write("app/package.json", json.dumps({"name": "app", "version": "1.0.0", "dependencies": {name: "^1.0.0"}}))
        os.makedirs(place.path("cache"), exist_ok=True)
        place.environment.update(npm_config_cache=place.path("cache"), npm_config_registry=f"http://127.0.0.1:{web.number}/",
                                 npm_config_update_notifier="false", npm_config_fund="false", npm_config_audit="false")
        place.own()
        return [f"npm.project={place.path('app')}", f"npm.cache={place.path('cache')}", f"npm.ports={web.number}",
                f"tmp.scratch={place.path('scratch')}"]

    def clean(self, place):
        place.run(["rm", "-rf", "node_modules", "package-lock.json", place.path("cache/_cacache")])

    def test_installs_a_package_that_works(self):
        for uid in confine.users():
            with self.subTest(uid=uid), confine.Place(uid) as place:
                os.makedirs(place.path("registry"))
                place.own()
                about = package(place, "left", {"index.js": "exports.pad = text => ' '.repeat(4) + text;\n",
                                                "cli.js": "#!/usr/bin/env node\nconsole.log('from the package');\n",
                                                "build.js": "require('fs').writeFileSync('built', 'built\\n');\n"},
                                bin={"left": "cli.js"}, scripts={"postinstall": "node build.js && ls | sort | head -n 1"}, hasInstallScript=True)
                with Web("", folder=place.path("registry")) as web:
                    settings = self.ready(place, web, about, "left")
                    self.same(place, POLICY, [NPM, "install"], settings, NODE, clean=lambda place=place: self.clean(place),
                              result=lambda ran, place=place: re.sub(r" in .*", "", ran.stdout) + place.read("app/node_modules/left/built"))
                    self.same(place, POLICY, [NPM, "exec", "left"], settings, NODE)

    def test_an_install_script_gets_no_further(self):
        script = """
const fs = require('fs'), { execSync } = require('child_process');
const [home, outside, port, outsider] = fs.readFileSync('../../arguments', 'utf8').trim().split(' ');
const tries = {
    passwd: () => fs.readFileSync('/etc/shadow'), key: () => fs.readFileSync(home + '/.ssh/id_ed25519'),
    npmrc: () => fs.readFileSync(home + '/.npmrc'), bashrc: () => fs.appendFileSync(home + '/.bashrc', 'evil\\n'),
    outside: () => fs.writeFileSync(outside + '/made', ''), evil: () => execSync(outside + '/evil'),
    shell: () => execSync('cat ' + home + '/.npmrc'), signal: () => process.kill(Number(outsider), 0),
    scratch: () => { fs.copyFileSync('/bin/true', process.env.TMPDIR + '/t'); execSync(process.env.TMPDIR + '/t'); },
    connect: () => execSync('bash -c "echo > /dev/tcp/127.0.0.1/' + port + '"'),
};
const done = {};
for (const [name, action] of Object.entries(tries)) { try { action(); done[name] = 'done'; } catch (error) { done[name] = 'refused'; } }
fs.writeFileSync('../../report', JSON.stringify(done));
"""
        for uid in confine.users():
            with self.subTest(uid=uid), confine.Place(uid) as place, Port() as port, Outsider(place) as outsider:
                os.makedirs(place.path("registry"))
                for name in ("npmrc", "bashrc"):
                    place.write(f"home/.{name}", "//registry.example.org/:_authToken=planted\n")
                place.write("app/arguments", " ".join([place.path("home"), place.path("outside"), str(port.number), str(outsider.pid)]))
                about = package(place, "evil", {"index.js": "", "evil.js": script}, scripts={"install": "node evil.js"}, hasInstallScript=True)
                with Web("", folder=place.path("registry")) as web:
                    settings = self.ready(place, web, about, "evil")
                    ran = place.confined(POLICY, [NPM, "install"], settings)
                    self.assertEqual(ran.returncode, 0, ran.stdout + ran.stderr)
                    self.assertEqual(set(json.loads(place.read("app/report")).values()), {"refused"}, place.read("app/report"))
                    self.assertNotIn("evil", place.read("home/.bashrc"))
                    self.assertFalse(port.met())
                    self.clean(place)
                    self.assertEqual(place.run([NPM, "install"]).returncode, 0)
                    free = json.loads(place.read("app/report"))
                    if uid != 0:
                        self.assertEqual(free.pop("passwd"), "refused")
                    self.assertEqual(set(free.values()), {"done"}, free)


if __name__ == "__main__":
    confine.main()
