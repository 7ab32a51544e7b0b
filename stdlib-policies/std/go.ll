# SPDX-License-Identifier: Apache-2.0
# go: builds, tests and runs one module, and fetches what it depends on from a proxy.
#
#     import std/go
#     use rules go
#     # llrun --set go.project=/srv/app --set go.cache=/srv/go --set tmp.scratch=/srv/scratch go.o -- \
#     #     env TMPDIR=/srv/scratch GOTMPDIR=/srv/app/.tmp GOPATH=/srv/go GOCACHE=/srv/go/build go build ./...
#
# Floor: ABI 4 (ports). `go test` and `go run` run what they built in GOTMPDIR: a directory of the project whose name
# begins with a dot, so that the scratch stays without execution. What `go generate` starts are the Go tools and the
# project's own programs. Not covered: modules straight from their repositories (GOPROXY=direct, which runs git); cgo
# with headers outside of /usr; ~/.config/go/env and ~/.netrc stay unread; toolchains in homes, whose path a rule must
# name.
# Tested: go 1.19 with gcc 12, Debian 12, from a proxy on loopback.
abi 7
import std/base
import std/dns
import std/gcc
import std/tls
import std/tmp
import std/users

# go.mod and sources; what is built there may run.
param project: path
# GOPATH, with the modules that were fetched, and GOCACHE.
param cache: path
# Ports of the proxy and of the table of checksums.
param ports: ports = 443

# Debian: /usr/bin/go is a link to lib/go-1.19/bin/go. Fedora: to lib/golang. /usr/local/go is the project's own archive.
let images = /usr/{lib,local}/{go,golang,go-1.[0-9]*}/bin/{go,gofmt}

ruleset go extends base.machine, dns, gcc.tools, tls, tmp, users {
    # Programs are written beside and renamed; tests run from GOTMPDIR.
    allow read, write, create, remove, refer, execute beneath $project
    # Modules are unpacked and locked; nothing in it runs.
    allow read, write, create, remove, refer beneath $cache
    # The tool runs itself and the compiler, linker and assembler of its tree.
    allow execute, read beneath optional /usr/local/go
    allow execute, read each optional /usr/lib/go-1.[0-9]*, optional /usr/lib/golang
    # Debian keeps the sources of the standard library there.
    allow read each optional /usr/share/go-1.[0-9]*
    # cgo's flags.
    allow execute, read_file each optional /usr/bin/{pkg-config,pkgconf}
    allow read beneath optional /usr/share/pkgconfig
    allow tcp connect $ports
}

# Containment: a test that starts the tool again stays inside.
# llc: allow W1502 because what holds a copy of the program is for the policy that uses this rule
rule program: when exec matches $images always apply go with nnp

test "builds one module" {
    set project = /srv/app
    set cache = /srv/go
    set tmp.scratch = /srv/scratch
    exec /usr/lib/go-1.19/bin/go user ann
    expect apply go with nnp
    expect allow read, write, create, remove, execute /srv/app/.tmp
    expect allow read, write, create, remove /srv/go/build
    expect deny execute /srv/go/build/x
    expect deny execute /srv/scratch/x
    expect deny execute /usr/bin/dash
    expect deny execute /usr/bin/git
    expect allow tcp connect 443
    expect deny tcp connect 80
    expect deny tcp bind 8080
    expect deny read /home/ann/.netrc
    expect deny read /home/ann/.ssh/id_ed25519
    expect deny read /etc/shadow
}
