# SPDX-License-Identifier: Apache-2.0
# ffmpeg and ffprobe: transcode media that nobody vouches for between two directories.
#
#     import std/ffmpeg
#     use rules ffmpeg
#     # llrun --set ffmpeg.source=/srv/in --set ffmpeg.target=/srv/out ffmpeg.o -- ffmpeg -i /srv/in/a.mkv /srv/out/a.mp4
#
# Floor: ABI 4 (no ports). A playlist or a subtitle filter in the media names other files and addresses: they are
# refused. Nothing is executed. Not covered: streaming (`ports` opens some to connect to; extend with std/dns and
# std/tls), hardware encoders (extend with std/gpu), cameras and sound devices.
# Tested: ffmpeg 5.1, Debian 12.
abi 7
import std/base
import std/fonts

# Read.
param source: path
# Read and written.
param target: path
# Where it may connect to. 0: nowhere.
param ports: ports = 0

# drawtext and subtitles take fonts; encoders start as many threads as there are processors (`base.machine`).
ruleset ffmpeg extends base, base.machine, fonts {
    allow read beneath $source
    allow read, write, create, remove beneath $target
    # Presets.
    allow read beneath optional /usr/share/ffmpeg
    allow tcp connect $ports
}

# llc: allow W1502 because what holds a copy of the program is for the policy that uses this rule
rule program: when exec matches /usr/{local/,}bin/{ffmpeg,ffprobe} apply ffmpeg with nnp

test "transcodes between two directories" {
    set source = /srv/in
    set target = /srv/out
    exec /usr/bin/ffmpeg user ann
    expect apply ffmpeg with nnp
    expect allow read /srv/in/a.mkv
    expect deny write /srv/in/a.mkv
    expect allow read, write, create, remove /srv/out
    expect deny tcp connect 80
    expect deny read /etc/passwd
    expect deny read /dev/video0
    expect deny execute /usr/bin/dash
}
