# SPDX-License-Identifier: Apache-2.0
# poppler's tools (pdftotext, pdftoppm and others): reads PDF that nobody vouches for, writes into one directory.
#
#     import std/poppler
#     use rules poppler
#     # llrun --set poppler.source=/srv/in --set poppler.target=/srv/out pdf.o -- pdftotext /srv/in/a.pdf /srv/out/a.txt
#
# Floor: ABI 3 (truncating). Nothing is executed, no network. Not covered: signing by keys of an NSS database (pdfsig).
# Tested: poppler 22.12, Debian 12.
abi 7
import std/base
import std/fonts

# Read.
param source: path
# Read and written.
param target: path

ruleset poppler extends base, fonts {
    allow read beneath $source
    allow read, write, create, remove beneath $target
    # Character maps of scripts.
    allow read beneath optional /usr/share/poppler, optional /usr/share/color
}

# llc: allow W1502 because what holds a copy of the program is for the policy that uses this rule
rule program: when exec matches /usr/bin/pdf{attach,detach,fonts,images,info,separate,sig,tocairo,tohtml,toppm,tops,totext,unite}
    apply poppler with nnp

test "reads one directory and writes another" {
    set source = /srv/in
    set target = /srv/out
    exec /usr/bin/pdftotext user ann
    expect apply poppler with nnp
    expect allow read /srv/in/a.pdf
    expect deny write /srv/in/a.pdf
    expect allow write, create /srv/out
    expect deny execute /usr/bin/gs
    expect deny read /etc/passwd
    expect deny tcp connect 80
}
