# SPDX-License-Identifier: Apache-2.0
"""std/ffmpeg with Debian's ffmpeg: transcodes a clip that it made; playlists and filters get no further.

label: heavy
"""
import os

import confine
from confine import KEY, SHADOW, Attempt, Port, Web, gone, made, printed

POLICY = confine.using("ffmpeg")
FFMPEG = ["/usr/bin/ffmpeg", "-nostdin", "-loglevel", "error", "-y"]
BITEXACT = ["-fflags", "+bitexact", "-flags", "+bitexact", "-threads", "1"]


class Ffmpeg(confine.Proof):
    def settings(self, place):
        return [f"ffmpeg.source={place.path('in')}", f"ffmpeg.target={place.path('app')}"]

    def clip(self, place):
        os.makedirs(place.path("in"))
        place.own()
        ran = place.run([*FFMPEG, "-f", "lavfi", "-i", "testsrc=size=128x96:rate=10:duration=1", "-f", "lavfi", "-i",
                         "sine=frequency=440:duration=1", *BITEXACT, "-c:v", "mpeg4", "-c:a", "pcm_s16le", place.path("in/a.mkv")])
        self.assertEqual(ran.returncode, 0, ran.stderr)
        return place.path("in/a.mkv")

    def test_transcodes(self):
        for uid in confine.users():
            with self.subTest(uid=uid), confine.Place(uid) as place:
                clip = self.clip(place)
                self.same(place, POLICY, [*FFMPEG, "-i", clip, *BITEXACT, "-vf", "scale=64:48,drawtext=text=x:fontsize=9", "-c:v", "mpeg4",
                                          "-c:a", "flac", "out.mkv"], self.settings(place), "/usr/bin/ffmpeg",
                          result=lambda _, place=place: open(place.path("app/out.mkv"), "rb").read())
                self.same(place, POLICY, ["/usr/bin/ffprobe", "-v", "error", "-show_streams", place.path("app/out.mkv")],
                          self.settings(place), "/usr/bin/ffprobe")

    def test_the_kernel_refuses_all_else(self):
        for uid in confine.users():
            with confine.Place(uid) as place, Port() as port:
                clip = self.clip(place)
                key, outside = place.path("home/.ssh/id_ed25519"), place.path("outside/made.mkv")
                place.write("in/list.txt", f"ffconcat version 1.0\nfile {place.path('home/clip.mkv')}\n")
                self.assertEqual(place.run(["/bin/cp", clip, place.path("home/clip.mkv")]).returncode, 0)
                dump = ["-map", "0", "-c", "copy", "-f", "data", "-"]
                with Web("other") as web:
                    shadow = [Attempt("read shadow", [*FFMPEG, "-f", "data", "-i", "/etc/shadow", *dump], printed(SHADOW))] if uid == 0 else []
                    self.refused(place, POLICY, shadow + [
                        Attempt("read a key", [*FFMPEG, "-f", "data", "-i", key, *dump], printed(KEY)),
                        Attempt("a playlist reads the home", [*FFMPEG, "-safe", "0", "-f", "concat", "-i", place.path("in/list.txt"), "-c", "copy",
                                                              "stolen.mkv"], made(place.path("app/stolen.mkv")),
                                undo=gone(place.path("app/stolen.mkv"))),
                        Attempt("write outside", [*FFMPEG, "-i", clip, "-c", "copy", outside], made(outside), undo=gone(outside)),
                        Attempt("connect", [*FFMPEG, "-f", "data", "-i", f"http://127.0.0.1:{web.number}/", *dump], printed("other")),
                        Attempt("send away", [*FFMPEG, "-i", clip, "-c", "copy", "-f", "matroska", f"tcp://127.0.0.1:{port.number}"],
                                lambda _, port=port: port.met()),
                        Attempt("listen", ["/usr/bin/timeout", "2", *FFMPEG, "-i", f"tcp://127.0.0.1:{confine.free_port()}?listen=1", "x.mkv"],
                                lambda ran: "denied" not in ran.stderr),
                    ], self.settings(place))


if __name__ == "__main__":
    confine.main()
