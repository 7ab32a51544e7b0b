# SPDX-License-Identifier: Apache-2.0
"""std/go with Debian's Go: a module of a proxy on loopback is built in and works; what a test of the project tries is refused.

label: heavy
"""
import os
import re
import zipfile

import confine
from confine import Outsider, Port, Web

GO = "/usr/bin/go"
POLICY = confine.using("go")
TRIES = """package main

import ("fmt"; "io"; "net"; "os"; "os/exec"; "syscall"; "testing")

func read(path string) bool { _, err := os.ReadFile(path); return err == nil }
func run(path string, words ...string) bool { return exec.Command(path, words...).Run() == nil }
func again(path string) bool {
	from, _ := os.Open("/bin/true")
	to, err := os.OpenFile(path, os.O_CREATE|os.O_WRONLY, 0o755)
	if err != nil { return false }
	io.Copy(to, from)
	to.Close()
	return run(path)
}

func TestTries(*testing.T) {
	out, _ := os.Create("report")
	defer out.Close()
%s}
"""


class Go(confine.Proof):
    def ready(self, place, port=443):
        os.makedirs(place.path("app/.tmp"))
        os.makedirs(place.path("go"))
        place.own()
        place.environment.update(GOTMPDIR=place.path("app/.tmp"), GOPATH=place.path("go"), GOCACHE=place.path("go/build"), GOSUMDB="off",
                                 GOPROXY=f"http://127.0.0.1:{port}", GOFLAGS="-mod=mod -modcacherw")
        return [f"go.project={place.path('app')}", f"go.cache={place.path('go')}", f"go.ports={port}", f"tmp.scratch={place.path('scratch')}"]

    def proxy(self, place):
        """A proxy's folder with one module."""
        manifest = "module example.org/left\n\ngo 1.19\n"
        for name, text in (("list", "v1.0.0\n"), ("v1.0.0.info", '{"Version":"v1.0.0"}'), ("v1.0.0.mod", manifest)):
            place.write("proxy/example.org/left/@v/" + name, text)
        with zipfile.ZipFile(place.path("proxy/example.org/left/@v/v1.0.0.zip"), "w") as module:
            module.writestr("example.org/left@v1.0.0/go.mod", manifest)
            module.writestr("example.org/left@v1.0.0/left.go", 'package left\n\nfunc Pad(text string) string { return "    " + text }\n')
        place.own()

    def test_builds_a_module_that_works(self):
        for uid in confine.users():
            with self.subTest(uid=uid), confine.Place(uid) as place:
                self.proxy(place)
                with Web("", folder=place.path("proxy")) as web:
                    settings = self.ready(place, web.number)
                    place.write("app/go.mod", "module example.org/app\n\ngo 1.19\n\nrequire example.org/left v1.0.0\n")
                    place.write("app/main.go", 'package main\n\n// #include <math.h>\n// #cgo LDFLAGS: -lm\nimport "C"\nimport ("example.org/left"; "fmt"; "time")\n\n'
                                'func main() {\n\tzone, err := time.LoadLocation("Europe/Berlin")\n\tfmt.Println(left.Pad("padded"), C.sqrt(49), zone, err)\n}\n')
                    place.write("app/main_test.go", 'package main\n\nimport ("example.org/left"; "testing")\n\n'
                                'func TestPad(t *testing.T) { if len(left.Pad("x")) != 5 { t.Fail() } }\n')

                    def clean():
                        place.run(["/bin/rm", "-rf", "app", "go.sum", place.path("go/build"), place.path("go/pkg")])

                    self.same(place, POLICY, [GO, "build", "-o", "app"], settings, GO, clean=clean,
                              result=lambda _: place.run([place.path("app/app")]).stdout)
                    self.assertEqual(place.run([place.path("app/app")]).stdout, "    padded 7 Europe/Berlin <nil>\n")
                    self.same(place, POLICY, [GO, "test"], settings, GO, result=lambda ran: re.sub(r"[\d.]+s.*", "", ran.stdout))
                    self.same(place, POLICY, [GO, "run", "."], settings, GO)
                    self.same(place, POLICY, [GO, "vet", "./..."], settings, GO, result=lambda ran: "vetted" + ran.stderr)

    def test_a_test_gets_no_further(self):
        for uid in confine.users():
            with self.subTest(uid=uid), confine.Place(uid) as place, Port() as port, Outsider(place) as outsider:
                settings = self.ready(place)
                scratch, home, outside = (place.path(name) for name in ("scratch", "home", "outside"))
                place.write("home/.netrc", "password\n")
                tries = {
                    "shadow": 'read("/etc/shadow")', "key": f'read("{home}/.ssh/id_ed25519")', "netrc": f'read("{home}/.netrc")',
                    "outside": f'os.WriteFile("{outside}/made", nil, 0o644) == nil', "remove": f'os.Remove("{outside}/victim") == nil',
                    "evil": f'run("{outside}/evil")', "shell": 'run("/bin/sh", "-c", ":")', "scratch": f'again("{scratch}/t")',
                    "cache": f'again("{place.path("go/t")}")',
                    "connect": f'func() bool {{ _, err := net.Dial("tcp", "127.0.0.1:{port.number}"); return err == nil }}()',
                    "listen": 'func() bool { _, err := net.Listen("tcp", "127.0.0.1:0"); return err == nil }()',
                    "signal": f"syscall.Kill({outsider.pid}, 0) == nil"}
                place.write("app/go.mod", "module example.org/app\n\ngo 1.19\n")
                place.write("app/tries_test.go", TRIES % "".join(f'\tfmt.Fprintln(out, "{name}", {text})\n' for name, text in tries.items()))
                for confined in (True, False):
                    place.write("outside/victim", "")
                    command = [GO, "test", "-count=1", "./..."]
                    ran = place.confined(POLICY, command, settings) if confined else place.run(command)
                    self.assertEqual(ran.returncode, 0, ran.stdout + ran.stderr)
                    self.assertTried(place.read("app/report"), tries, confined, uid)


if __name__ == "__main__":
    confine.main()
