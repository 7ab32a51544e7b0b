# SPDX-License-Identifier: Apache-2.0
"""std/libreoffice with Debian's LibreOffice, without a screen: documents are converted; what a macro tries is refused.

label: heavy
"""
import os

import confine
from confine import KEY, Port, gone

SOFFICE = "/usr/bin/soffice"
STARTER = "/usr/lib/libreoffice/program/oosplash"
POLICY = confine.using("libreoffice")

DOCUMENT = """<?xml version="1.0" encoding="UTF-8"?>
<office:document xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"
 office:version="1.2" office:mimetype="application/vnd.oasis.opendocument.text"><office:body><office:text>
<text:h>A heading</text:h><text:p>Some text with <text:span>an ä</text:span>.</text:p><text:list><text:list-item><text:p>one</text:p>
</text:list-item></text:list></office:text></office:body></office:document>
"""

LIBRARIES = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE library:libraries PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN" "libraries.dtd">
<library:libraries xmlns:library="http://openoffice.org/2000/library" xmlns:xlink="http://www.w3.org/1999/xlink">
 <library:library library:name="Standard" xlink:href="$(USER)/basic/Standard/script.xlb/" xlink:type="simple" library:link="false"/>
</library:libraries>
"""
LIBRARY = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE library:library PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN" "library.dtd">
<library:library xmlns:library="http://openoffice.org/2000/library" library:name="Standard" library:readonly="false"
 library:passwordprotected="false"><library:element library:name="Module1"/></library:library>
"""
MODULE = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE script:module PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN" "module.dtd">
<script:module xmlns:script="http://openoffice.org/2000/script" script:name="Module1" script:language="StarBasic">{}</script:module>
"""

# Each of `tries` as a function of its own: an error there is caught, and the answer is what it read, or "done".
MACRO = """
Function Lines(path) As String
    Dim first As String
    Open path For Input As #1
    Line Input #1, first
    Close #1
    Lines = first
End Function
Sub Report(name, answer)
    Open "{report}" For Append As #2
    Print #2, name &amp; "=" &amp; answer
    Close #2
End Sub
{functions}
Sub Main
    {calls}
    StarDesktop.terminate()
End Sub
"""


class LibreOffice(confine.Proof):
    def settings(self, place):
        place.environment["XDG_CACHE_HOME"] = place.path("scratch")
        return [f"libreoffice.source={place.path('in')}", f"libreoffice.target={place.path('app')}", f"tmp.scratch={place.path('scratch')}"]

    def soffice(self, place, *words):
        return [SOFFICE, f"-env:UserInstallation=file://{place.path('scratch/profile')}", "--headless", *words]

    def test_converts(self):
        for uid in confine.users():
            with self.subTest(uid=uid), confine.Place(uid) as place:
                source = place.write("in/a.fodt", DOCUMENT)
                settings = self.settings(place)
                for kind in ("txt", "pdf"):
                    name = place.path(f"app/a.{kind}")
                    # A PDF has the time in it.
                    self.same(place, POLICY, self.soffice(place, "--convert-to", kind, "--outdir", place.path("app"), source), settings, STARTER,
                              clean=gone(name), result=lambda _, name=name, kind=kind: os.path.getsize(name) // 1000 if kind == "pdf"
                              else open(name, encoding="utf-8").read())
                self.assertEqual(place.read("app/a.txt").lstrip("\ufeff").splitlines()[:2], ["A heading", "Some text with an ä."])

    def test_a_macro_gets_no_further(self):
        for uid in confine.users():
            with self.subTest(uid=uid), confine.Place(uid) as place, Port() as port:
                settings = self.settings(place)
                place.write("in/a.fodt", DOCUMENT)
                place.write("home/other.fodt", DOCUMENT)
                made, ran = place.path("outside/made"), place.path("outside/ran")
                tries = {
                    "own": f'Lines("{place.path("in/a.fodt")}")',
                    "shadow": 'Lines("/etc/shadow")', "key": f'Lines("{place.path("home/.ssh/id_ed25519")}")',
                    "list": f'Dir("{place.path("home")}/", 0)',
                    "write": f'FreeFile\n    Open "{made}" For Output As #3\n    Print #3, "x"\n    Close #3',
                    "change": f'FreeFile\n    Open "{place.path("in/new")}" For Output As #4\n    Close #4',
                    "remove": f'FreeFile\n    Kill "{place.path("outside/evil")}.victim"',
                    "run": f'Shell("{place.path("outside/evil")}", 0, "", True)',
                    "load": f'StarDesktop.loadComponentFromURL("file://{place.path("home/other.fodt")}", "_blank", 0, Array()).Text.String',
                    "connect": 'createUnoService("com.sun.star.connection.Connector").connect('
                               f'"socket,host=127.0.0.1,port={port.number}").getDescription()'}
                functions = "".join(f"Sub Try_{name}\n    On Error Goto No\n    x = {text}\n    Report(\"{name}\", \"done \" &amp; x)\n    Exit Sub\n"
                                    f"No:\n    Report(\"{name}\", \"refused\")\nEnd Sub\n" for name, text in tries.items())
                macro = MACRO.format(report=place.path("app/report"), functions=functions, calls="\n    ".join("Try_" + name for name in tries))
                # A new profile gets LibreOffice's own libraries: ours come after.
                self.assertEqual(place.run(self.soffice(place, "--convert-to", "txt", place.path("in/a.fodt"))).returncode, 0)
                answers = {}
                for confined in (True, False):
                    for name in (made, ran, place.path("app/report"), place.path("in/new")):
                        gone(name)()
                    place.write("outside/evil.victim", "")
                    for name, text in {"script.xlc": LIBRARIES, "Standard/script.xlb": LIBRARY, "Standard/Module1.xba": MODULE.format(macro)}.items():
                        place.write("scratch/profile/user/basic/" + name, text)
                    command = self.soffice(place, "macro:///Standard.Module1.Main")
                    ended = place.confined(POLICY, command, settings) if confined else place.run(command)
                    self.assertEqual(ended.returncode, 0, ended.stderr)
                    answers[confined] = dict(line.split("=", 1) for line in place.read("app/report").splitlines() if "=" in line)
                    outcome = {"write": os.path.exists(made), "run": os.path.exists(ran), "change": os.path.exists(place.path("in/new")),
                               "remove": not os.path.exists(place.path("outside/evil.victim")), "connect": port.met()}
                    self.assertEqual(set(outcome.values()), {not confined}, str(outcome) + str(answers))
                self.assertTrue(answers[True].pop("own").startswith("done"), answers)
                answers[True].pop("run")  # Shell returns before it knows
                self.assertNotIn("other.fodt", answers[True].pop("list"))
                self.assertEqual(set(answers[True].values()), {"refused"}, answers)
                self.assertIn(KEY, answers[False]["key"])
                self.assertEqual(answers[False]["shadow"].startswith("done root:"), uid == 0)
                self.assertIn("A heading", answers[False]["load"])
                self.assertIn("other.fodt", answers[False]["list"])


if __name__ == "__main__":
    confine.main()
