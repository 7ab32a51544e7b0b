# SPDX-License-Identifier: Apache-2.0
# Fonts of the machine and fontconfig's settings and cache: for what draws text, on a screen or into a file.
#
#     import std/fonts
#     ruleset draw extends base, fonts { allow read, write beneath /srv/pictures }
#
# Floor: ABI 1. Not covered: fonts and caches in homes; fontconfig rebuilds a stale cache in memory, at each start.
abi 10

ruleset fonts {
    # Where distributions and administrators put fonts, and X11's names for them.
    allow read beneath optional /usr/share/fonts, optional /usr/local/share/fonts, optional /usr/share/X11/fonts
    # TeX's and Ghostscript's are linked from there on Debian.
    allow read beneath optional /usr/share/texmf/fonts, optional /usr/share/texlive/texmf-dist/fonts
    # fontconfig: what to use for which name, and what it found last time. Files of /etc/fonts/conf.d are links.
    allow read beneath optional /etc/fonts, optional /usr/share/fontconfig, optional /usr/share/xml/fontconfig
    allow read beneath optional /var/cache/fontconfig, optional /usr/lib/fontconfig/cache
}
