# SPDX-License-Identifier: Apache-2.0
"""std/cargo with Debian's cargo and rustc: a crate of a registry on loopback is built in and works; what a build script tries is refused.

label: heavy
"""
import hashlib
import json
import os
import re

import confine
from confine import Outsider, Port, Web

CARGO = "/usr/bin/cargo"
POLICY = confine.using("cargo")
MANIFEST = """[package]
name = "app"
version = "1.0.0"
edition = "2021"
[dependencies]
{}
"""


class Cargo(confine.Proof):
    def ready(self, place, port=443):
        place.environment.update(CARGO_HOME=place.path("cargo"), CARGO_NET_RETRY="0", CARGO_TERM_COLOR="never")
        os.makedirs(place.path("cargo"), exist_ok=True)
        place.write("home/.gitconfig", "[user]\nname = ann\n")
        return [f"cargo.project={place.path('app')}", f"cargo.home={place.path('cargo')}", f"cargo.ports={port}",
                f"git.home={place.path('home')}", f"tmp.scratch={place.path('scratch')}"]

    def registry(self, place, web):
        """A registry with one crate: its index is a repository in cargo's home, its crates come from `web`."""
        place.write("make/left-1.0.0/Cargo.toml", '[package]\nname = "left"\nversion = "1.0.0"\nedition = "2021"\n')
        place.write("make/left-1.0.0/src/lib.rs", 'pub fn pad(text: &str) -> String { format!("    {text}") }\n')
        crate = place.path("registry/left-1.0.0.crate")
        self.assertEqual(place.run(["/usr/bin/tar", "-C", place.path("make"), "-czf", crate, "left-1.0.0"]).returncode, 0)
        with open(crate, "rb") as file:
            digest = hashlib.sha256(file.read()).hexdigest()
        place.write("cargo/index/config.json", json.dumps({"dl": f"http://127.0.0.1:{web.number}/{{crate}}-{{version}}.crate"}))
        place.write("cargo/index/le/ft/left", json.dumps({"name": "left", "vers": "1.0.0", "deps": [], "cksum": digest, "features": {},
                                                          "yanked": False}) + "\n")
        git = ["/usr/bin/git", "-C", place.path("cargo/index"), "-c", "user.name=a", "-c", "user.email=a@example.org"]
        for words in (["init", "-q", "-b", "master"], ["add", "."], ["commit", "-qm", "index"]):
            self.assertEqual(place.run([*git, *words]).returncode, 0)
        place.write("app/.cargo/config.toml", f'[registries.local]\nindex = "file://{place.path("cargo/index")}"\n')

    def test_builds_a_crate_that_works(self):
        for uid in confine.users():
            with self.subTest(uid=uid), confine.Place(uid) as place:
                os.makedirs(place.path("registry"))
                place.own()
                with Web("", folder=place.path("registry")) as web:
                    settings = self.ready(place, web.number)
                    self.registry(place, web)
                    place.write("app/Cargo.toml", MANIFEST.format('left = { version = "1", registry = "local" }'))
                    place.write("app/build.rs", 'fn main() { println!("cargo:rustc-env=MADE=by the build script"); }\n')
                    place.write("app/src/main.rs", 'fn main() { println!("{} {}", left::pad("padded"), env!("MADE")); }\n'
                                "#[test]\nfn pads() { assert_eq!(left::pad(\"x\").len(), 5); }\n")

                    def clean():
                        place.run(["/bin/rm", "-rf", "target", "Cargo.lock", place.path("cargo/registry")])

                    self.same(place, POLICY, [CARGO, "build"], settings, CARGO, clean=clean,
                              result=lambda _: place.run([place.path("app/target/debug/app")]).stdout)
                    self.assertEqual(place.run([place.path("app/target/debug/app")]).stdout, "    padded by the build script\n")
                    self.same(place, POLICY, [CARGO, "test", "-q"], settings, CARGO, result=lambda ran: re.sub(r"finished in.*", "", ran.stdout))
                    self.same(place, POLICY, [CARGO, "run", "-q", "--release"], settings, CARGO)

    def test_a_build_script_gets_no_further(self):
        for uid in confine.users():
            with self.subTest(uid=uid), confine.Place(uid) as place, Port() as port, Outsider(place) as outsider:
                settings = self.ready(place)
                scratch, home, outside = (place.path(name) for name in ("scratch", "home", "outside"))
                place.write("home/.cargo/credentials", "token\n")
                place.write("home/.bashrc", "")
                tries = {
                    "shadow": 'fs::read("/etc/shadow").is_ok()', "key": f'fs::read("{home}/.ssh/id_ed25519").is_ok()',
                    "token": f'fs::read("{home}/.cargo/credentials").is_ok()', "outside": f'fs::write("{outside}/made", "x").is_ok()',
                    "bashrc": f'fs::OpenOptions::new().append(true).open("{home}/.bashrc").is_ok()',
                    "evil": f'Command::new("{outside}/evil").status().is_ok()', "shell": 'Command::new("/bin/sh").args(["-c", ":"]).status().is_ok()',
                    "scratch": f'fs::copy("/bin/true", "{scratch}/t").and_then(|_| Command::new("{scratch}/t").status()).is_ok()',
                    "crates": f'fs::copy("/bin/true", "{place.path("cargo/t")}").and_then(|_| Command::new("{place.path("cargo/t")}").status()).is_ok()',
                    "connect": f'std::net::TcpStream::connect("127.0.0.1:{port.number}").is_ok()',
                    "listen": 'std::net::TcpListener::bind("127.0.0.1:0").is_ok()', "signal": f"unsafe {{ kill({outsider.pid}, 0) == 0 }}"}
                place.write("app/Cargo.toml", MANIFEST.format(""))
                place.write("app/src/main.rs", "fn main() {}\n")
                place.write("app/build.rs", "use std::{fs, process::Command};\nextern \"C\" { fn kill(pid: i32, signal: i32) -> i32; }\n"
                            "fn main() {\n    let mut done = vec![];\n" +
                            "".join(f'    done.push(("{name}", {text}));\n' for name, text in tries.items()) +
                            '    fs::write("report", done.iter().map(|(n, d)| format!("{n} {d}\\n")).collect::<String>()).unwrap();\n}\n')
                for confined in (True, False):
                    place.run(["/bin/rm", "-rf", "target", "report"])
                    ran = place.confined(POLICY, [CARGO, "build"], settings) if confined else place.run([CARGO, "build"])
                    self.assertEqual(ran.returncode, 0, ran.stderr)
                    self.assertTried(place.read("app/report"), tries, confined, uid)


if __name__ == "__main__":
    confine.main()
