# SPDX-License-Identifier: Apache-2.0
"""vsix_test.py WORK_DIR: packs the VS Code extension and looks at what came of it. Run by tests/editors/run."""
import json
import pathlib
import re
import subprocess
import sys
import xml.etree.ElementTree
import zipfile

TOP = pathlib.Path(__file__).resolve().parents[2]


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
    for name in names - {"[Content_Types].xml"}:
        if "." in pathlib.PurePath(name).name:
            assert f'Extension=".{name.rsplit(".", 1)[1]}"' in types, name
    # The matcher of the task reads what llc writes.
    pattern = contributes["problemMatchers"][0]["pattern"]
    found = re.match(pattern["regexp"], "a/b.ll:3:11: error[E0300]: unknown right `raed`")
    assert found and [found[pattern[key]] for key in ("file", "line", "column", "severity", "code")] == [
        "a/b.ll", "3", "11", "error", "E0300"]
    print("vsix: ok")


if __name__ == "__main__":
    main()
