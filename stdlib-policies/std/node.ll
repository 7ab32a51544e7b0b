# SPDX-License-Identifier: Apache-2.0
# Node.js: one program of one directory. For `npm install` there is std/npm.
#
#     import std/node
#     ruleset web extends node.runtime { allow read beneath /srv/web  allow tcp bind 8000 }
#     when exec matches ${node.images} and under unit web apply web with nnp
#
# Floor: ABI 1. Not covered: child processes, workers of the cluster module included (grant execute on ${node.images}
# and base.loader), ports, writing: for the ruleset that extends this one.
# Tested: Node 20, Debian 12.
abi 7
import std/base

# Images by packages of Debian, Fedora, Alpine and of nodejs.org; Fedora's are numbered.
let images = /usr/{local/,}bin/{node,nodejs,node-[0-9]*}

# Where the program and its node_modules are.
param app: path

# What the engine needs whatever it runs.
ruleset runtime extends base, base.machine {
    # Modules of the distribution, and OpenSSL's settings.
    allow read beneath optional /usr/share/nodejs, optional /usr/share/node_modules, optional /usr/lib/node_modules,
        optional /usr/local/lib/node_modules, optional /usr/lib/nodejs
    allow read file optional /etc/ssl/openssl.cnf
    # The engine looks itself up.
    allow read_file each optional $images
}

# One program: reads its own directory, and nothing else is allowed.
ruleset node extends runtime {
    allow read beneath $app
}

# Containment, so nothing more specific undoes it.
# llc: allow W1502 because what holds a copy of the interpreter is for the policy that uses this rule
rule interpreter: when exec matches $images always apply node with nnp

test "reads its own directory and the library, nothing else" {
    set app = /srv/app
    exec /usr/bin/node user www-data
    expect apply node with nnp
    expect allow read /srv/app/main.js
    expect deny write /srv/app/main.js
    expect deny read /etc/shadow
    expect deny read /etc/passwd
    expect deny execute /usr/bin/node
    expect deny execute /usr/bin/dash
    expect deny tcp connect, bind 80
}

test "npm's own name is a script, not an image" {
    exec /usr/bin/npm user ann
    expect none
}
