# SPDX-License-Identifier: Apache-2.0
"""std/ghostscript and std/poppler with Debian's programs: a document is rendered and read; what is in it gets no further.

label: heavy
"""
import os

import confine
from confine import KEY, SHADOW, Attempt, gone, made, printed

# PostScript as somebody's document: a page with a text.
PAGE = "%!PS\n/Helvetica findfont 24 scalefont setfont 72 700 moveto (some text of a page) show showpage\n"


def show(path):
    """PostScript that prints the first line of `path`."""
    return f"%!PS\n({path}) (r) file 200 string readline pop print flush\n"


class Documents(confine.Proof):
    def settings(self, place, program):
        return [f"{program}.source={place.path('in')}", f"{program}.target={place.path('app')}"]

    def test_renders_and_reads(self):
        for uid in confine.users():
            with self.subTest(uid=uid), confine.Place(uid) as place:
                place.write("in/a.ps", PAGE)
                scratch = [f"tmp.scratch={place.path('scratch')}"]
                for words, result in ((["-sDEVICE=png16m", "-r50", "-o", "page.png", place.path("in/a.ps")], "app/page.png"),
                                      (["-sDEVICE=txtwrite", "-o", "text", place.path("in/a.ps")], "app/text"),
                                      (["-sDEVICE=pdfwrite", "-o", "a.pdf", place.path("in/a.ps")], None)):
                    self.same(place, confine.using("ghostscript"), ["/usr/bin/gs", "-q", *words],
                              self.settings(place, "ghostscript") + scratch, "/usr/bin/gs",
                              result=lambda _, place=place, result=result: open(place.path(result), "rb").read() if result else "made")
                os.rename(place.path("app/a.pdf"), place.path("in/a.pdf"))
                for command, result in ((["/usr/bin/pdftotext", place.path("in/a.pdf"), "-"], lambda ran: ran.stdout),
                                        (["/usr/bin/pdfinfo", place.path("in/a.pdf")], lambda ran: ran.stdout),
                                        (["/usr/bin/pdftoppm", "-r", "30", place.path("in/a.pdf"), "page"],
                                         lambda _, place=place: open(place.path("app/page-1.ppm"), "rb").read())):
                    self.same(place, confine.using("poppler"), command, self.settings(place, "poppler"), command[0], result=result)

    def test_a_document_gets_no_further(self):
        for uid in confine.users():
            with confine.Place(uid) as place:
                key, outside, ran = place.path("home/.ssh/id_ed25519"), place.path("outside/made"), place.path("outside/ran")
                for name, text in {"key": show(key), "shadow": show("/etc/shadow"), "page": PAGE,
                                   "write": f"%!PS\n({outside}) (w) file closefile\n",
                                   "pipe": f"%!PS\n(%pipe%{place.path('outside/evil')}) (r) file 10 string readline pop pop\n",
                                   "remove": f"%!PS\n({place.path('outside/victim')}) deletefile\n"}.items():
                    place.write(f"in/{name}.ps", text)
                place.write("outside/victim", "")

                def gs(name, *words):
                    # Without Ghostscript's own guard, so that it is the kernel that refuses.
                    return ["/usr/bin/gs", "-q", "-dNOSAFER", "-dBATCH", "-dNOPAUSE", "-sDEVICE=nullpage", *words, place.path(f"in/{name}.ps")]

                shadow = [Attempt("read shadow", gs("shadow"), printed(SHADOW), "invalidfileaccess")] if uid == 0 else []
                self.refused(place, confine.using("ghostscript"), shadow + [
                    Attempt("read a key", gs("key"), printed(KEY), "invalidfileaccess"),
                    Attempt("write outside", gs("write"), made(outside), "invalidfileaccess", undo=gone(outside)),
                    Attempt("run a program", gs("pipe"), made(ran), "", undo=gone(ran)),
                    Attempt("remove a file", gs("remove"), lambda _, place=place: not os.path.exists(place.path("outside/victim")), "Error"),
                    Attempt("render outside", ["/usr/bin/gs", "-q", "-sDEVICE=txtwrite", "-o", outside, place.path("in/page.ps")],
                            made(outside), "", undo=gone(outside)),
                ], self.settings(place, "ghostscript") + [f"tmp.scratch={place.path('scratch')}"])

    def test_poppler_gets_no_further(self):
        for uid in confine.users():
            with confine.Place(uid) as place:
                place.write("in/a.ps", PAGE)
                for name in ("in/a.pdf", "home/secret.pdf", "outside/other.pdf"):
                    self.assertEqual(place.run(["/usr/bin/gs", "-q", "-sDEVICE=pdfwrite", "-o", place.path(name), place.path("in/a.ps")]).returncode, 0)
                pdf, secret, outside, key = place.path("in/a.pdf"), place.path("home/secret.pdf"), place.path("outside/made"), place.path("home/.ssh/id_ed25519")
                self.refused(place, confine.using("poppler"), [
                    Attempt("read a document of the home", ["/usr/bin/pdftotext", secret, "-"], printed("some text"), "Couldn't open"),
                    Attempt("put a key into a document", ["/usr/bin/pdfattach", pdf, key, place.path("app/with.pdf")],
                            made(place.path("app/with.pdf")), "", undo=gone(place.path("app/with.pdf"))),
                    Attempt("write outside", ["/usr/bin/pdftotext", pdf, outside], made(outside), "", undo=gone(outside)),
                    Attempt("split outside", ["/usr/bin/pdfseparate", pdf, place.path("outside/p%d")], made(place.path("outside/p1")), "",
                            undo=gone(place.path("outside/p1"))),
                    Attempt("change the source", ["/usr/bin/pdfunite", pdf, pdf, place.path("in/new.pdf")], made(place.path("in/new.pdf")), "",
                            undo=gone(place.path("in/new.pdf"))),
                ], self.settings(place, "poppler"))


if __name__ == "__main__":
    confine.main()
