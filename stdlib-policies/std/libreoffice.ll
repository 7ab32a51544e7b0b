# SPDX-License-Identifier: Apache-2.0
# LibreOffice without a screen: converts documents that nobody vouches for between two directories, whatever macros are in
# them.
#
#     import std/libreoffice
#     use rules libreoffice
#     # llrun --set libreoffice.source=/srv/in --set libreoffice.target=/srv/out --set tmp.scratch=/srv/scratch lo.o -- \
#     #     env TMPDIR=/srv/scratch soffice -env:UserInstallation=file:///srv/scratch/profile --headless \
#     #     --convert-to pdf --outdir /srv/out /srv/in/a.odt
#
# Floor: ABI 3 (truncating). The profile goes into `tmp.scratch`, so that no document sees, or leaves something in, the
# one of the home. Macros may run: what they reach is this. No program is started but LibreOffice itself, no network is used.
# Not covered: files of its user directly in /tmp and below can be removed (its socket is there); Java; Python macros get no
# further than the rest; dconf's settings stay unread (set XDG_CACHE_HOME to the scratch, or it complains); a display.
# Tested: LibreOffice 7.4, Debian 12.
abi 7
import std/base
import std/fonts
import std/tmp
import std/users

# Read.
param source: path
# Read and written.
param target: path

ruleset libreoffice extends base, base.loader, base.machine, fonts, tmp, users {
    allow read beneath $source
    allow read, write, create, remove beneath $target
    # The socket by which a second start finds the first: always in /tmp, whatever TMPDIR says, made and removed by each of
    # the two starts that a new profile takes. Landlock has no right for sockets alone, so files of its user there can be
    # removed, though neither read, written nor made.
    allow make_sock, remove_file beneath /tmp
    # The starter runs the program.
    allow execute, read_file each /usr/lib{,64}/libreoffice/program/{soffice.bin,oosplash}
    allow read each optional /usr/lib{,64}/libreoffice
    # Settings of the machine and of the distribution; extensions, templates and dictionaries.
    allow read beneath optional /etc/libreoffice, optional /var/lib/libreoffice, optional /var/spool/libreoffice
    allow read beneath optional /usr/share/libreoffice, optional /usr/share/hunspell, optional /usr/share/hyphen,
        optional /usr/share/mythes, optional /usr/share/mime
}

# llc: allow W1502 because what holds a copy of the program is for the policy that uses this rule
rule program: when exec matches /usr/lib{,64}/libreoffice/program/{soffice.bin,oosplash} apply libreoffice with nnp

test "converts between two directories" {
    set source = /srv/in
    set target = /srv/out
    set tmp.scratch = /srv/scratch
    exec /usr/lib/libreoffice/program/soffice.bin user ann
    expect apply libreoffice with nnp
    expect allow read /srv/in/a.odt
    expect deny write /srv/in/a.odt
    expect allow read, write, create, remove /srv/out
    expect deny read, write /tmp/other
    expect deny execute /usr/bin/dash
    expect deny execute /srv/scratch/x
    expect deny read /etc/shadow
    expect deny read /home/ann/.ssh/id_ed25519
    expect deny read, write /home/ann/.config/libreoffice/4/user/registrymodifications.xcu
    expect deny tcp connect 443
    expect deny tcp bind 2002
}
