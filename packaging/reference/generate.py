# SPDX-License-Identifier: Apache-2.0
"""generate.py LLC LLRUN LLLOAD OUT: man pages and completions for bash, zsh and fish from what the programs' own `--help`
says, so that they name every option there is and none that isn't. prose.json holds what `--help` doesn't say;
landlatch-policy(5) is filled in from the lexer's grammar, the ABI table and an example.

    OUT/man/man1/landlatch-llc.1 …     OUT/bash/landlatch-llc …    OUT/zsh/_landlatch-llc …    OUT/fish/landlatch-llc.fish …
"""
import json
import pathlib
import re
import subprocess
import sys
from dataclasses import dataclass, field

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
NAMES = re.compile(
    r"^  ((?:-{1,2}[A-Za-z][\w-]*(?:\{\w+\})?)(?:,\s*-{1,2}[A-Za-z][\w-]*(?:\{\w+\})?)*)(?: (.*?))?(?:  +(\S.*))?$")


@dataclass
class Option:
    names: list[str]
    value: str  # of its argument; "" for a flag
    about: str = ""


@dataclass
class Command:
    name: str
    about: str = ""
    usage: str = ""
    options: list[Option] = field(default_factory=list)
    operands: list[tuple[str, str]] = field(default_factory=list)
    commands: list["Command"] = field(default_factory=list)
    tail: list[str] = field(default_factory=list)  # what follows the lists


def read_option(line: str) -> Option | None:
    # A column of names that is full has one blank behind it: "--setuid,--no-setuid{false} the exec …".
    found = NAMES.match(line.replace("{false} ", "{false}    "))
    if not found:
        return None
    names = [re.sub(r"\{.*\}", "", name.strip()) for name in found[1].split(",")]
    value = re.sub(r" ?\.\.\.| REQUIRED|Needs:.*", "", found[2] or "")
    choices = re.search(r":\{(.*)\}", value)
    value = choices[1].replace(",", "|") if choices else re.sub(r":.*", "", value)
    return Option(names, value.strip(), found[3] or "")


def read_help(program: str, path: list[str]) -> Command:
    """What `PROGRAM PATH… --help` says."""
    text = subprocess.run([program, *path, "--help"], check=True, capture_output=True, text=True).stdout
    command = Command(path[-1] if path else pathlib.Path(program).name)
    section = "head"
    subcommands = []
    lines = text.split("\n")
    for number, line in enumerate(lines):
        heading = re.fullmatch(r"(Positionals|Options|Subcommands):", line)
        if heading:
            section = heading[1]
        elif re.fullmatch(r"\S.*:", line) and number + 1 < len(lines) and re.match(r"  -{1,2}\w", lines[number + 1]):
            section = "Options"  # a group of them with a title of its own
        elif section in ("Positionals", "Options", "Subcommands") and line.startswith("  "):
            words = re.match(r"^  (\S.*?)(?:  +(\S.*))?$", line)
            if section == "Options" and read_option(line):
                command.options.append(read_option(line))
            elif words and section == "Positionals":
                # "policy FILE ... REQUIRED": its type says more than its name.
                written = re.match(r"(\S+)(?: ([A-Z][A-Z0-9_.|]*))?", line.strip())
                kind = written[2] if written[2] and written[2] not in ("TEXT", "REQUIRED") else written[1].upper()
                command.operands.append((kind, words[2] or ""))
            elif words and section == "Subcommands":
                subcommands.append((words[1], words[2] or ""))
            elif section == "Options" and command.options and not command.options[-1].about:
                command.options[-1].about = line.strip()
            elif section == "Options" and command.options:
                command.options[-1].about += " " + line.strip()
        elif section in ("Positionals", "Options", "Subcommands") and line:
            section = "tail"
        if section == "tail":
            command.tail.append(line)
        elif section == "head" and line.startswith("Usage:"):
            command.usage = line.removeprefix("Usage: ")
    for name, about in subcommands:
        sub = read_help(program, [*path, name])
        sub.about = about
        sub.tail = []
        command.commands.append(sub)
    return command


# --- man pages ---

def roff(text: str) -> str:
    text = text.replace("\\", "\\e").replace("-", "\\-")
    return re.sub(r"^([.'])", r"\\&\1", text, flags=re.MULTILINE)


def man_options(options: list[Option]) -> str:
    out = ""
    for option in options:
        names = ", ".join(f"\\fB{roff(name)}\\fR" for name in option.names)
        out += f".TP\n{names}{' ' + chr(92) + 'fI' + roff(option.value) + chr(92) + 'fR' if option.value else ''}\n{roff(option.about)}\n"
    return out


def man_page(command: Command, prose: dict, version: str) -> str:
    page = prose["page"]
    out = ('.\\" Made by packaging/reference/generate.py.\n'
           f'.TH {page.upper().replace("-", chr(92) + "-")} {prose["section"]} "" "Landlatch {version}" "Landlatch"\n'
           f".SH NAME\n{roff(page)} \\- {roff(prose['title'])}\n.SH SYNOPSIS\n"
           f".B {roff(page)}\n{roff(' '.join(operand for operand, _ in command.operands) or '')} [OPTIONS]\n")
    for sub in command.commands:
        operands = " ".join(operand for operand, _ in sub.operands)
        out += f".br\n.B {roff(page)} {roff(sub.name)}\n[OPTIONS] {roff(operands)}\n"
    out += f".SH DESCRIPTION\n{roff(prose['description'])}\n.SH OPTIONS\n{man_options(command.options)}"
    if command.commands:
        out += ".SH COMMANDS\n"
    for sub in command.commands:
        out += f".SS {roff(sub.name)}\n{roff(sub.about)}\n{man_options(sub.options)}"
    tail = "\n".join(command.tail).strip("\n")
    if tail:
        out += f".SH NOTES\n.nf\n{roff(tail)}\n.fi\n"
    return out + ".SH SEE ALSO\n" + ",\n".join(f".BR {roff(s[:-3])} {s[-3:]}" for s in prose["see"]) + "\n"


def policy_page(version: str) -> str:
    lexer = (ROOT / "grammar/LandlatchLexer.g4").read_text()
    keywords = re.findall(r"^[A-Z]+ *: '([a-z]+)'", lexer, re.MULTILINE)
    table = (ROOT / "runtime/landlock/abi.h").read_text()
    rights = re.findall(r'\{"([a-z_ ]+)", Category::k(?!Log)\w+, \d+, (\d+), Place::\w+,\s*"([^"]*)"\}', table)
    groups = re.findall(r'\{"([a-z]+)",[^{}"]*"([^"]*)"\}', table)
    listed = "".join(f".TP\n.B {roff(name)}\n{roff(about)} (ABI {abi})\n" for name, abi, about in rights)
    listed += "".join(f".TP\n.B {roff(name)}\n{roff(about)}\n" for name, about in groups)
    assert len(rights) > 20 and len(groups) > 4 and len(keywords) > 50, (rights, groups, keywords)
    example = (ROOT / "examples/python.ll").read_text().split("\n\n", 1)[1].strip("\n")
    page = (HERE / "landlatch-policy.5.in").read_text()
    for key, value in (("VERSION", version), ("EXAMPLE", roff(example)), ("RIGHTS", listed.rstrip("\n")),
                       ("KEYWORDS", " ".join(keywords))):
        page = page.replace(f"@{key}@", value)
    return page


# --- completions ---

def choices(option: Option) -> list[str]:
    return option.value.split("|") if "|" in option.value else []


def bash(command: Command, name: str) -> str:
    function = "_" + name.replace("-", "_")
    out = f"# Made by packaging/reference/generate.py.\n{function}() {{\n    local current=${{COMP_WORDS[COMP_CWORD]}} before=${{COMP_WORDS[COMP_CWORD-1]}} sub=\n"
    subs = " ".join(sub.name for sub in command.commands)
    out += f"    local word\n    for word in \"${{COMP_WORDS[@]:1:COMP_CWORD-1}}\"; do\n        case \" {subs} \" in *\" $word \"*) sub=$word; break ;; esac\n    done\n"
    out += '    case "$sub $before" in\n'
    for sub in [Command(""), *command.commands]:
        for option in (sub.options if sub.name else command.options):
            for spelled in option.names if choices(option) else []:
                out += f'    "{sub.name} {spelled}") COMPREPLY=($(compgen -W "{" ".join(choices(option))}" -- "$current")); return ;;\n'
    out += '    esac\n    local options=\n    case "$sub" in\n'
    for sub in command.commands:
        out += f'    {sub.name}) options="{" ".join(n for o in sub.options for n in o.names)}" ;;\n'
    out += f'    *) options="{" ".join(n for o in command.options for n in o.names)}" ;;\n    esac\n'
    out += ('    if [[ $current == -* ]]; then\n        COMPREPLY=($(compgen -W "$options" -- "$current"))\n        return\n    fi\n'
            '    COMPREPLY=($(compgen -f -- "$current"))\n')
    if subs:
        out += f'    [[ -n $sub ]] || COMPREPLY+=($(compgen -W "{subs}" -- "$current"))\n'
    return out + f"}}\ncomplete -o filenames -F {function} {name}\n"


def quoted(text: str) -> str:
    return "'" + text.replace("'", "'\\''") + "'"


def zsh(command: Command, name: str) -> str:
    def spec(option: Option) -> str:
        about = re.sub(r"([\[\]:])", r"\\\1", option.about)
        action = ""
        if option.value:
            action = f":{option.value.replace('|', ' ')}:" + (f"({' '.join(choices(option))})" if choices(option) else "_files")
        return " ".join(quoted(f"{spelled}[{about}]{action}") for spelled in option.names)

    out = f"#compdef {name}\n# Made by packaging/reference/generate.py.\nlocal -a commands\nlocal context state line\ntypeset -A opt_args\n"
    if not command.commands:
        return out + f"_arguments {' '.join(spec(o) for o in command.options)} '*:file:_files'\n"
    rows = " ".join(quoted(f"{sub.name}:{sub.about.replace(':', '')}") for sub in command.commands)
    out += f"commands=({rows})\n_arguments -C {' '.join(spec(o) for o in command.options)} '1:command:->first' '*::argument:->rest'\n"
    out += "case $state in\nfirst) _describe command commands; _files ;;\nrest)\n    case $line[1] in\n"
    for sub in command.commands:
        out += f"    {sub.name}) _arguments {' '.join(spec(o) for o in sub.options)} '*:file:_files' ;;\n"
    return out + "    *) _files ;;\n    esac ;;\nesac\n"


def fish(command: Command, name: str) -> str:
    out = "# Made by packaging/reference/generate.py.\n"

    def lines(options: list[Option], condition: str) -> str:
        made = ""
        for option in options:
            spelled = " ".join(f"-l {n[2:]}" if n.startswith("--") else f"-s {n[1:]}" for n in option.names)
            value = (f" -x -a {quoted(' '.join(choices(option)))}" if choices(option) else " -r") if option.value else ""
            made += f"complete -c {name}{condition} {spelled}{value} -d {quoted(option.about)}\n"
        return made

    out += lines(command.options, " -n __fish_use_subcommand" if command.commands else "")
    for sub in command.commands:
        out += f"complete -c {name} -n __fish_use_subcommand -a {sub.name} -d {quoted(sub.about)}\n"
        out += lines(sub.options, f" -n '__fish_seen_subcommand_from {sub.name}'")
    return out


def main() -> int:
    llc, llrun, llload, out = sys.argv[1:5]
    prose = json.loads((HERE / "prose.json").read_text())
    version = re.search(r"project\(Landlatch VERSION ([\d.]+)", (ROOT / "CMakeLists.txt").read_text())[1]
    target = pathlib.Path(out)

    def write(name: str, text: str) -> None:
        path = target / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    for key, program in (("llc", llc), ("llrun", llrun), ("llload", llload)):
        command = read_help(program, [])
        page = prose[key]["page"]
        write(f"man/man{prose[key]['section']}/{page}.{prose[key]['section']}", man_page(command, prose[key], version))
        write(f"bash/{page}", bash(command, page))
        write(f"zsh/_{page}", zsh(command, page))
        write(f"fish/{page}.fish", fish(command, page))
    write("man/man5/landlatch-policy.5", policy_page(version))
    return 0


if __name__ == "__main__":
    sys.exit(main())
