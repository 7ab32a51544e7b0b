# SPDX-License-Identifier: Apache-2.0
"""std/curl with Debian's curl: fetches by HTTP and HTTPS into its directory, and nothing else."""
import os

import confine
from confine import KEY, SHADOW, Attempt, Web, gone, made, printed

POLICY = confine.using("curl")


class Curl(confine.Proof):
    def test_fetches_by_http_and_https(self):
        for uid in confine.users():
            with confine.Place(uid) as place, Web("plain text") as plain, Web("secret text", place.path("app")) as tls:
                place.own()
                sets = [f"curl.files={place.path('app')}", f"curl.ports={plain.number},{tls.number}"]
                command = ["/usr/bin/curl", "-sS", "--cacert", "cert.pem", "-o", "one", f"http://127.0.0.1:{plain.number}/a",
                           "-o", "two", f"https://localhost:{tls.number}/b"]
                self.same(place, POLICY, command, sets, "/usr/bin/curl",
                          result=lambda _, place=place: place.read("app/one") + place.read("app/two"))
                self.assertEqual(place.read("app/two"), "secret text")

    def test_fetches_by_ftp(self):
        """From a server that says which ports data may take (pasv_min_port, pasv_max_port)."""
        for uid in confine.users():
            with self.subTest(uid=uid), confine.Place(uid) as place:
                port, data = confine.free_port(), confine.free_port()
                place.write("public/file", "by ftp\n")
                place.write("empty/.keep", "")
                place.write("vsftpd.conf", f"""listen=YES
listen_address=127.0.0.1
listen_port={port}
anonymous_enable=YES
no_anon_password=YES
anon_root={place.path("public")}
secure_chroot_dir={place.path("empty")}
run_as_launching_user=YES
background=NO
xferlog_enable=NO
pasv_min_port={data}
pasv_max_port={data + 3}
""")
                fetch = ["/usr/bin/curl", "-sS", "-o", "got", f"ftp://127.0.0.1:{port}/file"]
                files = f"curl.files={place.path('app')}"
                with place.server(["/usr/sbin/vsftpd", place.path("vsftpd.conf")], port):
                    self.same(place, POLICY, fetch, [files, f"curl.ports={port},{data}..{data + 3}"], "/usr/bin/curl",
                              clean=gone(place.path("app/got")), result=lambda _, place=place: place.read("app/got"))
                    gone(place.path("app/got"))()
                    ran = place.confined(POLICY, fetch, [files, f"curl.ports={port}"])  # no port for data
                    self.assertNotEqual(ran.returncode, 0)
                    self.assertFalse(place.read("app/got") if os.path.exists(place.path("app/got")) else "", ran.stderr)

    def test_the_kernel_refuses_all_else(self):
        for uid in confine.users():
            with confine.Place(uid) as place, Web("text") as web, Web("other") as other:
                sets = [f"curl.files={place.path('app')}", f"curl.ports={web.number}"]
                key, outside = place.path("home/.ssh/id_ed25519"), place.path("outside/made")
                curl = ["/usr/bin/curl", "-sS"]
                url = f"http://127.0.0.1:{web.number}/"
                shadow = [Attempt("read shadow", [*curl, "file:///etc/shadow"], printed(SHADOW), "")] if uid == 0 else []
                self.refused(place, POLICY, shadow + [
                    Attempt("read a key", [*curl, "file://" + key], printed(KEY), "Couldn't open"),
                    Attempt("send a key", [*curl, "--data-binary", "@" + key, url], lambda _, web=web: KEY in web.sent(), "",
                            undo=web.asked.clear),
                    Attempt("write outside", [*curl, "-o", outside, url], made(outside), "Failure writing", undo=gone(outside)),
                    Attempt("cookies outside", [*curl, "-c", outside, url], made(outside), "text", undo=gone(outside)),
                    Attempt("connect elsewhere", [*curl, f"http://127.0.0.1:{other.number}/"], printed("other"), "connect"),
                ], sets)
                self.assertEqual(other.asked.count("/"), 1)


if __name__ == "__main__":
    confine.main()
