# SPDX-License-Identifier: Apache-2.0
# Ghostscript: renders and converts PostScript and PDF that nobody vouches for between two directories.
#
#     import std/ghostscript
#     use rules ghostscript
#     # llrun --set ghostscript.source=/srv/in --set ghostscript.target=/srv/out --set tmp.scratch=/srv/scratch gs.o -- \
#     #     env TMPDIR=/srv/scratch gs -sDEVICE=png16m -o /srv/out/p%d.png /srv/in/a.ps
#
# Floor: ABI 3 (truncating). PostScript is a language with files and pipes: what it may reach is this, whether -dSAFER
# holds or not. Nothing is executed, so %pipe% doesn't work. Not covered: printers; ps2pdf and others are shell scripts,
# and gs under them is what is confined.
# Tested: Ghostscript 10.0, Debian 12.
abi 7
import std/base
import std/fonts
import std/tmp

# Read.
param source: path
# Read and written.
param target: path

ruleset ghostscript extends base, fonts, tmp {
    allow read beneath $source
    allow read, write, create, remove beneath $target
    # Its own PostScript, fonts and character maps.
    allow read beneath optional /usr/share/ghostscript, optional /var/lib/ghostscript, optional /etc/ghostscript,
        optional /usr/lib/ghostscript
    allow read beneath optional /usr/share/poppler, optional /usr/share/color
    allow read file optional /etc/papersize
}

# llc: allow W1502 because what holds a copy of the program is for the policy that uses this rule
rule program: when exec matches /usr/bin/{gs,gsc,gs-[0-9]*} apply ghostscript with nnp

test "renders between two directories" {
    set source = /srv/in
    set target = /srv/out
    set tmp.scratch = /srv/scratch
    exec /usr/bin/gs user ann
    expect apply ghostscript with nnp
    expect allow read /srv/in/a.ps
    expect deny write /srv/in/a.ps
    expect allow write, create /srv/out
    expect deny execute /usr/bin/dash
    expect deny read /etc/passwd
    expect deny tcp connect 631
}
