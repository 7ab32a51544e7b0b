# SPDX-License-Identifier: Apache-2.0
"""The blocks of std for what draws, with real clients of real servers: X11 (Xvfb), Wayland (Weston), and the drivers of
Mesa and PoCL, which draw and compute in software where there is no graphics processor.

label: heavy
"""
import contextlib
import os

import confine
from confine import policy

ABSTRACT = "leave abstract_unix_socket unrestricted"


@contextlib.contextmanager
def display(place, *options):
    """An X server that wants the cookie in the place's home."""
    number = f":{70 + place.uid}"
    place.environment |= {"XAUTHORITY": place.path("home/.Xauthority"), "DISPLAY": number}
    place.run(["/usr/bin/xauth", "add", number, ".", "0123456789abcdef0123456789abcdef"])
    with place.program(["/usr/bin/Xvfb", number, "-auth", place.path("home/.Xauthority"), "-nolisten", "tcp", *options],
                       lambda: os.path.exists(f"/tmp/.X11-unix/X{number[1:]}")):
        yield


@contextlib.contextmanager
def compositor(place):
    """A Wayland compositor without a screen; its clients tell what they say to it."""
    place.write("run/.keep", "")
    os.chmod(place.path("run"), 0o700)
    place.environment["XDG_RUNTIME_DIR"] = place.path("run")
    with place.program(["/usr/bin/weston", "--backend=headless-backend.so", "--socket=wayland-7", "--idle-time=0"],
                       lambda: os.path.exists(place.path("run/wayland-7"))):
        place.environment |= {"WAYLAND_DISPLAY": "wayland-7", "WAYLAND_DEBUG": "client"}
        yield


def drawn(ran):
    """What a Wayland client has drawn and what it couldn't load."""
    lines = ran.stderr.splitlines()
    return any(".commit()" in line for line in lines), any("wl_buffer" in line and "release()" in line for line in lines), [
        line for line in lines if not line.startswith("[")]


class Desktop(confine.Proof):
    def test_x11(self):
        for uid in confine.users():
            with self.subTest(uid=uid), confine.Place(uid) as place, display(place, "-nolisten", "local"):
                for command in (["/usr/bin/xdpyinfo"], ["/usr/bin/xlsfonts"], ["/usr/bin/xwininfo", "-root", "-tree"]):
                    self.same(place, policy("x11"), command)
                    # Without the block the cookie can't be read.
                    self.assertNotEqual(place.confined(policy("base.loader"), command).returncode, 0)
                for secret in ("/etc/passwd", place.path("home/.ssh/id_ed25519")):
                    self.assertIn(confine.DENIED, place.confined(policy("x11"), ["/usr/bin/cat", secret]).stderr)

    def test_x11_by_the_abstract_socket_must_be_opened_by_name(self):
        for uid in confine.users():
            with self.subTest(uid=uid), confine.Place(uid) as place, display(place):
                command = ["/usr/bin/xdpyinfo"]
                self.assertIn("unable to open display", place.confined(policy("x11"), command).stderr)
                self.same(place, policy("x11", ABSTRACT), command)

    def test_wayland(self):
        for uid in confine.users():
            with self.subTest(uid=uid), confine.Place(uid) as place, compositor(place):
                self.same(place, policy("wayland"), ["/usr/bin/wayland-info"])
                # Programs that draw until they are stopped: with cursors, and with text.
                for program, blocks, more in (("weston-flower", "wayland", ""),
                                              ("weston-editor", "wayland, fonts", "allow read beneath /usr/share/weston")):
                    command = ["/usr/bin/timeout", "3", f"/usr/bin/{program}"]
                    free = drawn(place.run(command))
                    self.assertEqual(free, (True, True, []))
                    ran = place.confined(policy(blocks, more, command[2]), command)
                    self.assertEqual(drawn(ran), free)
                    self.assertSelected(ran.events, command[2])
                    self.assertNotEqual(drawn(place.confined(policy("base.loader", more, command[2]), command)), free)

    def test_drivers_of_graphics_processors(self):
        for command in (["/usr/bin/eglinfo", "-B"], ["/usr/bin/vulkaninfo", "--summary"], ["/usr/bin/clinfo", "-l"]):
            for uid in confine.users():
                with self.subTest(command=command, uid=uid), confine.Place(uid) as place:
                    place.environment["POCL_CACHE_DIR"] = place.path("scratch")
                    settings = [f"tmp.scratch={place.path('scratch')}"]
                    free = place.run(command)
                    self.assertRegex(free.stdout, "EGL driver name: swrast|llvmpipe|Portable Computing")
                    ran = place.confined(policy("base.machine, tmp, gpu.compute"), command, settings)
                    self.assertEqual((ran.returncode, ran.stdout), (free.returncode, free.stdout), ran.stderr)
                    self.assertNotEqual(place.confined(policy("base.machine, tmp"), command, settings).stdout, free.stdout)


if __name__ == "__main__":
    confine.main()
