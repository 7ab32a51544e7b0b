# SPDX-License-Identifier: Apache-2.0
"""std/nginx with Debian's nginx: serves a site and passes requests on; a hostile configuration gets no further."""
import time
import urllib.error
import urllib.request

import confine
from confine import KEY, SHADOW, Attempt, Web, gone, made, printed

POLICY = confine.using("nginx")


def configuration(place, port, server, top=""):
    """nginx.conf of one server on `port`."""
    user = "user root;" if place.uid == 0 else ""
    state = place.path("state")
    folders = "".join(f"{name}_temp_path {state}/{name};" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
    place.write("app/nginx.conf", f"""{user} daemon off; worker_processes 2; pid {state}/pid; error_log {place.path('logs')}/error.log;
{top} events {{}} http {{ access_log {place.path('logs')}/access.log; {folders}
server {{ listen 127.0.0.1:{port}; root {place.path('site')}; {server} }} }}""")


def get(port, path="/", data=None):
    """The answer to a request, or the number of an error."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", data, 10) as answer:
            return answer.read().decode()
    except urllib.error.HTTPError as error:
        error.close()
        return str(error.code)


class Nginx(confine.Proof):
    def prepare(self, place):
        place.write("site/index.html", "the site\n")
        place.write("site/large", "x" * 300000)
        for name in ("logs/.keep", "state/.keep"):
            place.write(name, "")
        place.port = confine.free_port()
        return [f"nginx.site={place.path('site')}", f"nginx.config={place.path('app')}", f"nginx.logs={place.path('logs')}",
                f"nginx.state={place.path('state')}", f"nginx.ports={place.port}"]

    def command(self, place):
        return ["/usr/sbin/nginx", "-p", place.path("app"), "-e", place.path("logs/error.log"), "-c", place.path("app/nginx.conf")]

    def test_serves_and_passes_on(self):
        for uid in confine.users():
            with self.subTest(uid=uid), confine.Place(uid) as place, Web("from behind") as web:
                settings = [*self.prepare(place), f"nginx.upstream={web.number}"]
                configuration(place, place.port, f"location /up {{ proxy_pass http://127.0.0.1:{web.number}; }}")
                answers = []
                for command in (self.command(place), place.under(POLICY, self.command(place), settings)):
                    with place.server(command, place.port):
                        answers.append([get(place.port), get(place.port, "/large"), get(place.port, "/up", b"y" * 100000),
                                        get(place.port, "/none")])
                self.assertEqual(answers[1], answers[0])
                self.assertEqual((answers[1][0], answers[1][2], answers[1][3]), ("the site\n", "from behind", "404"))
                self.assertIn("GET /large", place.read("logs/access.log"))
                self.assertSelected(place.events(), "/usr/sbin/nginx")

    def test_what_it_serves_ends_at_the_site(self):
        for uid in confine.users():
            with self.subTest(uid=uid), confine.Place(uid) as place, Web("from behind") as web:
                settings = self.prepare(place)
                place.write("home/notes", "")
                configuration(place, place.port, f"location /home/ {{ alias {place.path('home')}/; autoindex on; }}"
                              f"location /shadow {{ alias /etc/shadow; }} location /up {{ proxy_pass http://127.0.0.1:{web.number}; }}"
                              f"location /put/ {{ alias {place.path('outside')}/; dav_methods PUT; }}")
                key = "/home/.ssh/id_ed25519"
                with place.server(self.command(place), place.port):
                    self.assertIn(KEY, get(place.port, key))
                    self.assertIn("notes", get(place.port, "/home/"))
                    self.assertIn("from behind", get(place.port, "/up"))
                    if uid == 0:
                        self.assertIn(SHADOW, get(place.port, "/shadow"))
                with place.server(place.under(POLICY, self.command(place), settings), place.port):
                    self.assertEqual(get(place.port), "the site\n")
                    self.assertEqual([get(place.port, path) for path in (key, "/home/", "/shadow")], ["403", "403", "403"])
                    self.assertEqual(get(place.port, "/up"), "502")
                self.assertIn("(13: Permission denied)", place.read("logs/error.log"))

    def test_a_configuration_gets_no_further(self):
        for uid in confine.users():
            with confine.Place(uid) as place, confine.Outsider(place) as outsider:
                settings = self.prepare(place)
                other = confine.free_port()
                outside = place.path("outside/made")
                place.write("state/victim", str(outsider.pid))
                configuration(place, place.port, "")
                good = place.read("app/nginx.conf")
                for name, text in (("key", f"include {place.path('home/.ssh/id_ed25519')};" + good),
                                   ("log", good.replace(place.path("logs") + "/access.log", outside)),
                                   ("listen", good.replace(f"127.0.0.1:{place.port}", f"127.0.0.1:{other}")),
                                   ("module", f"load_module {place.path('outside/evil')};" + good),
                                   ("signal", good.replace(place.path("state/pid"), place.path("state/victim")))):
                    place.write(f"app/{name}.conf", text)

                def nginx(name, *words):
                    return ["/usr/bin/timeout", "2", *self.command(place)[:-1], place.path(f"app/{name}.conf"), *words]

                self.refused(place, POLICY, [
                    Attempt("include a key", nginx("key", "-t"), printed("unexpected end of file")),
                    Attempt("log outside", nginx("log", "-t"), made(outside), undo=gone(outside)),
                    Attempt("listen elsewhere", nginx("listen"), lambda ran: "bind() to" not in ran.stderr + place.read("logs/error.log")
                            and ran.returncode == 124, undo=lambda place=place: place.write("logs/error.log", "")),
                    Attempt("load a library from outside", nginx("module", "-t"), printed("invalid ELF header")),
                    Attempt("signal outside", nginx("signal", "-s", "stop"), lambda _: not (time.sleep(0.5) or outsider.alive()), "Operation not permitted"),
                ], settings)


if __name__ == "__main__":
    confine.main()
