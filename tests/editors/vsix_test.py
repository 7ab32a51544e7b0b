# SPDX-License-Identifier: Apache-2.0
"""vsix_test.py WORK_DIR [LLC]: packs the VS Code extension and looks at what came of it; with LLC, unpacks it and lets
its client talk with the language server (vsix_host.cjs). Run by tests/editors/run."""
import json
import pathlib
import re
import subprocess
import sys
import tempfile
import xml.etree.ElementTree
import zipfile

TOP = pathlib.Path(__file__).resolve().parents[2]


OWN = {"LICENSE", "README.md", "language-configuration.json", "package.json", "snippets", "src", "syntaxes"}


def look_for_strays(names: set[str]) -> None:
    """Nothing but the manifests, the extension's own files and the modules that the lock file names."""
    lock = json.loads((TOP / "editors/vscode/package-lock.json").read_text())
    modules = {f"extension/{name}" for name in lock["packages"] if name}
    outside = {name for name in names if not name.startswith("extension/")}
    assert outside == {"[Content_Types].xml", "extension.vsixmanifest"}, outside
    seen = set()
    for name in names - outside:
        part = name.split("/")[1]
        if part == "node_modules":
            module = max((known for known in modules if name.startswith(known + "/")), key=len, default=None)
            assert module, name
            seen.add(module)
        else:
            assert part in OWN, name
            assert (TOP / "editors/vscode" / name.removeprefix("extension/")).exists() or part == "LICENSE", name
    assert seen == modules, modules ^ seen
    assert {name.split("/")[1] for name in names - outside} == OWN | {"node_modules"}


def look_at_contributions(extension: pathlib.Path, contributes: dict) -> None:
    for path in extension.glob("*.json"):
        json.loads(path.read_text())
    grammar = json.loads((extension / contributes["grammars"][0]["path"]).read_text())
    assert grammar["scopeName"] == contributes["grammars"][0]["scopeName"] and grammar["patterns"]
    languages = {language["id"] for language in contributes["languages"]}
    assert {entry["language"] for kind in ("grammars", "snippets") for entry in contributes[kind]} == languages
    for name, snippet in json.loads((extension / contributes["snippets"][0]["path"]).read_text()).items():
        assert snippet["prefix"] and snippet["body"] and snippet["description"], name
    for language in contributes["languages"]:
        re.compile(language["firstLine"])


def try_client(work: pathlib.Path, llc: str, pattern: dict) -> None:
    """Its client against the real server; then the task that it offers, read by its problem matcher."""
    policy = work / "wrong.ll"
    policy.write_text("abi 7\nruleset web {\n    allow raed, execute beneath /usr\n}\n")
    host = ["node", TOP / "tests/editors/vsix_host.cjs", work / "extension", llc, policy]
    task = json.loads(subprocess.run(host, check=True, stdout=subprocess.PIPE, text=True, timeout=300).stdout)
    assert task == [llc, "check", str(policy)], task
    policy.write_text("abi 7\nruleset web { allow read beneath /usr, $x }\nruleset web {}\nwhen under unit x apply web\n")
    said = subprocess.run(task, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=300)
    found = [re.match(pattern["regexp"], line) for line in said.stdout.splitlines()]
    places = [tuple(match[pattern[key]] for key in ("file", "line", "column", "severity", "code", "message"))
              for match in found if match]
    assert said.returncode == 1 and len(found) > len(places), said.stdout
    told = json.loads("[" + ",".join(subprocess.run(
        [llc, "check", "--diagnostics=json", policy], capture_output=True, text=True, timeout=300
    ).stderr.strip().splitlines()) + "]")
    assert len(told) > 1 and [place[4] for place in places] == [one["code"] for one in told], (places, told)
    assert {place[0] for place in places} == {str(policy)}, places
    policy.write_text("abi 7\nruleset web { allow read beneath /usr }\nwhen exec matches /x apply web\n")
    said = subprocess.run(task, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=300)
    found = [match for line in said.stdout.splitlines() if (match := re.match(pattern["regexp"], line))]
    assert said.returncode == 0 and [match[pattern["severity"]] for match in found] == ["warning"] * 2, said.stdout


def main() -> None:
    target = pathlib.Path(sys.argv[1]) / "landlatch.vsix"
    subprocess.run([TOP / "editors/vscode/package", target], check=True)
    with zipfile.ZipFile(target) as archive:
        assert archive.testzip() is None
        names = set(archive.namelist())
        package = json.loads(archive.read("extension/package.json"))
        manifest = xml.etree.ElementTree.fromstring(archive.read("extension.vsixmanifest"))
        types = archive.read("[Content_Types].xml").decode()
        xml.etree.ElementTree.fromstring(types)
        client = json.loads(archive.read("extension/node_modules/vscode-languageclient/package.json"))
    identity = manifest.find(".//{*}Identity")
    assert (identity.get("Id"), identity.get("Version")) == (package["name"], package["version"])
    for asset in manifest.findall(".//{*}Asset"):
        assert asset.get("Path") in names, asset.get("Path")
    contributes = package["contributes"]
    # A folder's own settings must not say which program is started when one of its files is opened.
    assert contributes["configuration"]["properties"]["landlatch.llc"]["scope"] == "machine"
    named = [package["main"], contributes["languages"][0]["configuration"]]
    named += [entry["path"] for kind in ("grammars", "snippets") for entry in contributes[kind]]
    for path in named:
        assert f"extension/{path.removeprefix('./')}" in names, path
    assert client["version"].startswith(package["dependencies"]["vscode-languageclient"].strip("^").split(".")[0])
    # Nothing older than what its client runs in.
    assert package["engines"]["vscode"] == client["engines"]["vscode"], client["engines"]
    for name in names - {"[Content_Types].xml"}:
        if "." in pathlib.PurePath(name).name:
            assert f'Extension=".{name.rsplit(".", 1)[1]}"' in types, name
    look_for_strays(names)
    with tempfile.TemporaryDirectory() as folder:
        work = pathlib.Path(folder)
        with zipfile.ZipFile(target) as archive:
            archive.extractall(work)
        look_at_contributions(work / "extension", contributes)
        if len(sys.argv) > 2:
            try_client(work, str(pathlib.Path(sys.argv[2]).resolve()), contributes["problemMatchers"][0]["pattern"])
    print("vsix: ok")


if __name__ == "__main__":
    main()
