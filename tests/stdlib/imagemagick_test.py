# SPDX-License-Identifier: Apache-2.0
"""std/imagemagick with Debian's ImageMagick: converts pictures; @file, other coders and programs get no further.

label: heavy
"""
import os
import shutil

import confine
from confine import KEY, SHADOW, Attempt, gone, made, printed

CONVERT = os.path.realpath(shutil.which("convert-im6.q16") or "/usr/bin/convert")
POLICY = confine.using("imagemagick")


class ImageMagick(confine.Proof):
    def settings(self, place):
        place.environment["MAGICK_TEMPORARY_PATH"] = place.path("scratch")
        return [f"imagemagick.source={place.path('in')}", f"imagemagick.target={place.path('app')}", f"tmp.scratch={place.path('scratch')}"]

    def test_converts(self):
        for uid in confine.users():
            with self.subTest(uid=uid), confine.Place(uid) as place:
                os.makedirs(place.path("in"))
                place.own()
                settings = self.settings(place)
                made_of = place.run([CONVERT, "-size", "64x48", "gradient:red-blue", place.path("in/a.png")])
                self.assertEqual(made_of.returncode, 0, made_of.stderr)
                for words, name in ((["-resize", "50%", "-rotate", "90"], "out.ppm"), (["-quality", "80"], "out.jpg"), (["-negate"], "out.gif")):
                    self.same(place, POLICY, [CONVERT, place.path("in/a.png"), *words, name], settings, CONVERT,
                              result=lambda _, place=place, name=name: open(place.path("app/" + name), "rb").read())
                self.same(place, POLICY, [CONVERT, place.path("in/a.png"), "-format", "%w %h %m %k", "info:"], settings, CONVERT)

    def test_the_kernel_refuses_all_else(self):
        for uid in confine.users():
            with confine.Place(uid) as place:
                os.makedirs(place.path("in"))
                place.own()
                settings = self.settings(place)
                key, outside, ran = place.path("home/.ssh/id_ed25519"), place.path("outside/made.png"), place.path("outside/ran")
                for name in ("in/a.png", "home/secret.png"):
                    self.assertEqual(place.run([CONVERT, "-size", "8x8", "xc:blue", place.path(name)]).returncode, 0)
                # Delegates of whoever can set a variable, for the program to start.
                place.write("app/delegates.xml", f'<delegatemap><delegate decode="foo" command="{place.path("outside/evil")}"/></delegatemap>')
                place.environment["MAGICK_CONFIGURE_PATH"] = place.path("app")
                place.write("in/a.foo", "a picture of that kind\n")
                # A drawing that shows another picture.
                place.write("in/drawing.mvg", f"viewbox 0 0 8 8\nimage over 0,0 8,8 '{place.path('home/secret.png')}'\n")
                picture, opens = place.path("in/a.png"), "unable to open"

                def raw(path):
                    """Its first bytes as grey pixels, written as they are."""
                    return [CONVERT, "-size", "11x1", "-depth", "8", "gray:" + path, "gray:-"]

                shadow = [Attempt("read shadow", raw("/etc/shadow"), printed(SHADOW), opens)] if uid == 0 else []
                self.refused(place, POLICY, shadow + [
                    Attempt("read a key", raw(key), printed(KEY), opens),
                    Attempt("read a picture of the home", [CONVERT, place.path("home/secret.png"), "info:"], printed("PNG"), opens),
                    Attempt("list the home", [CONVERT, place.path("home/*.png"), "info:"], printed("PNG"), opens),
                    Attempt("draw a picture of the home", [CONVERT, "mvg:" + place.path("in/drawing.mvg"), "-format", "%[pixel:p{2,2}]", "info:"],
                            printed("0,0,255"), opens),
                    Attempt("write outside", [CONVERT, picture, outside], made(outside), opens, undo=gone(outside)),
                    Attempt("change the source", [CONVERT, picture, place.path("in/new.png")], made(place.path("in/new.png")), opens,
                            undo=gone(place.path("in/new.png"))),
                    Attempt("run a delegate", [CONVERT, place.path("in/a.foo"), "out.png"], made(ran), opens, undo=gone(ran)),
                ], settings)


if __name__ == "__main__":
    confine.main()
