# SPDX-License-Identifier: Apache-2.0
# The building blocks of std, on the textual model: what each gives, and what stays closed beside it.
abi 10
import std/base
import std/dbus
import std/dns
import std/fonts
import std/gpu
import std/home
import std/systemd
import std/tls
import std/tmp
import std/tty
import std/users
import std/wayland
import std/x11

when exec matches /bin/base apply base, base.machine with nnp
when exec matches /bin/child apply base.loader with nnp
when exec matches /bin/dbus apply dbus.session with nnp
when exec matches /bin/dbus-system apply dbus.system with nnp
when exec matches /bin/dns apply dns with nnp
when exec matches /bin/fonts apply fonts with nnp
when exec matches /bin/gpu apply gpu with nnp
when exec matches /bin/gpu-compute apply gpu.compute with nnp
when exec matches /bin/gpu-display apply gpu.display with nnp
when exec matches /bin/home apply home.read with nnp
when exec matches /bin/home-write apply home.write with nnp
when exec matches /bin/systemd apply systemd.notify with nnp
when exec matches /bin/journal apply systemd.journal with nnp
when exec matches /bin/tls apply tls with nnp
when exec matches /bin/tmp apply tmp with nnp
when exec matches /bin/shm apply tmp.shm with nnp
when exec matches /bin/tty apply tty with nnp
when exec matches /bin/pty apply tty.pty with nnp
when exec matches /bin/users apply users with nnp
when exec matches /bin/wayland apply wayland with nnp
when exec matches /bin/x11 apply x11 with nnp

test "a program's start and the machine's figures need different blocks" {
    exec /bin/base
    expect apply base, base.machine with nnp
    expect deny read /usr/lib/locale/C.utf8
    expect deny read /proc/cpuinfo
}

test "the loader can be executed and nothing else" {
    exec /bin/child
    expect allow execute /usr/lib/x86_64-linux-gnu/ld-linux-x86-64.so.2
    expect allow execute /lib/ld-musl-x86_64.so.1
    expect deny execute /usr/lib/x86_64-linux-gnu/libc.so.6
    expect deny execute /usr/bin/dash
}

test "names of hosts, not of users" {
    exec /bin/dns
    expect allow read /etc/hosts
    expect allow read /etc/resolv.conf
    expect allow read /run/systemd/resolve/stub-resolv.conf
    expect allow tcp connect 53
    expect allow udp connect 53
    expect deny tcp connect 80, 443
    expect deny tcp bind 53
    expect deny read /etc/passwd
    expect deny read /etc/shadow
}

test "names of users, no passwords" {
    exec /bin/users
    expect allow read /etc/passwd
    expect allow read /etc/group
    expect allow read /var/lib/extrausers/passwd
    expect deny read /etc/shadow
    expect deny read /etc/gshadow
    expect deny read /var/lib/extrausers/shadow
    expect deny read /etc/security
    expect deny write /etc/passwd
}

test "public certificates, no private keys" {
    exec /bin/tls
    expect allow read /etc/ssl/certs/ca-certificates.crt
    expect allow read /etc/pki/tls/certs/ca-bundle.crt
    expect allow read /etc/ssl/cert.pem
    expect deny read /etc/ssl/private/snakeoil.key
    expect deny read /etc/pki/tls/private/localhost.key
    expect deny read /etc/letsencrypt/archive
    expect deny write, create, remove /etc/ssl/certs
}

test "a scratch directory is not a place to run programs from" {
    set tmp.scratch = /var/tmp/job
    exec /bin/tmp
    expect allow read, write, create, remove, refer /var/tmp/job/deep
    expect deny execute /var/tmp/job/program
    expect deny read, write, create, remove /tmp
    expect deny devices /var/tmp/job
}

test "shared memory" {
    exec /bin/shm
    expect allow read, write, create, remove /dev/shm
    expect deny execute /dev/shm/x
}

test "the own terminal" {
    exec /bin/tty
    expect allow read, write, ioctl_dev /dev/tty
    expect deny read, write, ioctl_dev /dev/pts/0
}

test "terminals for others" {
    exec /bin/pty
    expect allow read, write, ioctl_dev /dev/pts/3
    expect allow read, write, ioctl_dev /dev/ptmx
    expect deny read /dev/tty1
}

test fonts {
    exec /bin/fonts
    expect allow read /usr/share/fonts/truetype/x.ttf
    expect allow read /etc/fonts/fonts.conf
    expect allow read /var/cache/fontconfig/x
    expect deny write, create /var/cache/fontconfig
    expect deny read /usr/share/doc
}

test "an X11 client" {
    set x11.authority = /run/user/1000/xauth
    exec /bin/x11
    expect allow read /run/user/1000/xauth
    expect allow resolve_unix /tmp/.X11-unix/X0
    expect deny resolve_unix, read /run/user/1000/bus
    expect deny tcp connect 6000
    expect deny scope abstract_unix_socket
}

test "a Wayland client" {
    set wayland.runtime = /run/user/1000
    exec /bin/wayland
    expect allow resolve_unix /run/user/1000/wayland-0
    expect deny resolve_unix /run/user/1000/bus
    expect deny resolve_unix /run/user/1000/gnupg/S.gpg-agent
}

test "the session bus" {
    set dbus.runtime = /run/user/1000
    exec /bin/dbus
    expect allow resolve_unix /run/user/1000/bus
    expect allow read /etc/machine-id
    expect deny resolve_unix /run/dbus/system_bus_socket
}

test "the system bus" {
    exec /bin/dbus-system
    expect allow resolve_unix /run/dbus/system_bus_socket
    expect deny resolve_unix /run/user/1000/bus
}

test "a GPU's render node" {
    exec /bin/gpu
    expect allow read, write, ioctl_dev /dev/dri/renderD128
    expect deny read_file, write, ioctl_dev /dev/dri/card0
    expect deny read, write, ioctl_dev /dev/kfd
}

test "a GPU's screen" {
    exec /bin/gpu-display
    expect allow read, write, ioctl_dev /dev/dri/card0
}

test "computing on a GPU" {
    exec /bin/gpu-compute
    expect allow read, write, ioctl_dev /dev/kfd
    expect allow read, write, ioctl_dev /dev/nvidia-uvm
    expect deny read_file, write, ioctl_dev /dev/dri/card0
}

test sd_notify {
    exec /bin/systemd
    expect allow resolve_unix /run/systemd/notify
    expect deny resolve_unix /run/systemd/private
    expect deny resolve_unix /run/systemd/journal/socket
}

test "the journal" {
    exec /bin/journal
    expect allow resolve_unix /run/systemd/journal/socket
    expect allow resolve_unix /dev/log
    expect deny resolve_unix /run/systemd/notify
    expect deny read /var/log/journal
}

test "a home without its secrets" {
    set home.home = /home/ann
    exec /bin/home
    expect allow read /home/ann/notes.txt
    expect allow read /home/ann/.config/app/settings
    expect allow read /home/ann/.bashrc
    expect deny read /home/ann/.ssh/id_ed25519
    expect deny read /home/ann/.gnupg/x
    expect deny read /home/ann/.aws/credentials
    expect deny read /home/ann/.kube/config
    expect deny read /home/ann/.netrc
    expect deny read /home/ann/.mozilla/firefox/x
    expect deny read /home/ann/.config/chromium/Default/Cookies
    expect deny read /home/ann/.local/share/keyrings/login.keyring
    expect deny read /home/ann/.bash_history
    expect deny read /home/ben/notes.txt
    expect deny write, create, remove /home/ann/doc
}

test "what starts later can't be written" {
    set home.home = /home/ann
    exec /bin/home-write
    expect allow write, create, remove, refer /home/ann/doc
    expect deny write /home/ann/.bashrc
    expect deny write /home/ann/.config/autostart/x.desktop
    expect deny write /home/ann/.local/bin/x
    expect deny read /home/ann/.ssh/id_ed25519
    expect deny create /home/ann
}
