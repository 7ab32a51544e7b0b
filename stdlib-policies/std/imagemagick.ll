# SPDX-License-Identifier: Apache-2.0
# ImageMagick: converts pictures that nobody vouches for between two directories, with its own coders and nothing else.
#
#     import std/imagemagick
#     use rules imagemagick
#     # llrun --set imagemagick.source=/srv/in --set imagemagick.target=/srv/out --set tmp.scratch=/srv/scratch magick.o -- \
#     #     env MAGICK_TEMPORARY_PATH=/srv/scratch convert /srv/in/a.png -resize 50% /srv/out/a.jpg
#
# Floor: ABI 3 (truncating). No delegates: what ImageMagick would start other programs for (PDF by Ghostscript, video)
# fails, and `@file`, `text:`, `msl:` read what the two directories hold. No network. Debian's convert, mogrify and
# others are links to images named `convert-im6.q16`: the rule names those. Not covered: ~/.config/ImageMagick stays
# unread; a display.
# Tested: ImageMagick 6.9, Debian 12.
abi 7
import std/base
import std/fonts
import std/tmp

# Read.
param source: path
# Read and written. Temporary files go to `tmp.scratch` (MAGICK_TEMPORARY_PATH).
param target: path

# Captions take fonts; limits follow memory and processors (`base.machine`).
ruleset imagemagick extends base, base.machine, fonts, tmp {
    allow read beneath $source
    allow read, write, create, remove beneath $target
    # Its settings: policy.xml with the limits, lists of colours and types. Coders are
    # beside the libraries.
    allow read each optional /usr/lib/ImageMagick-[0-9]*, optional /etc/ImageMagick-[0-9]*,
        optional /usr/share/ImageMagick-[0-9]*
    # Profiles of colours.
    allow read beneath optional /usr/share/color
}

# llc: allow W1502 because what holds a copy of the program is for the policy that uses this rule
rule program: when exec matches /usr/bin/{magick,convert,identify,mogrify,composite,montage,compare,stream,conjure}{,-im[67].*}
    apply imagemagick with nnp

test "converts between two directories" {
    set source = /srv/in
    set target = /srv/out
    set tmp.scratch = /srv/scratch
    exec /usr/bin/convert-im6.q16 user ann
    expect apply imagemagick with nnp
    expect allow read /srv/in/a.png
    expect deny write /srv/in/a.png
    expect allow read, write, create, remove /srv/out
    expect deny execute /usr/bin/gs
    expect deny execute /usr/bin/dash
    expect deny read /etc/passwd
    expect deny read /home/ann/.ssh/id_ed25519
    expect deny tcp connect 80
}
