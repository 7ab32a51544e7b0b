# SPDX-License-Identifier: Apache-2.0
# nginx: serves one tree of files, and passes requests on to the ports that are named.
#
#     import std/nginx
#     use rules nginx
#     # llrun --set nginx.site=/srv/www --set nginx.ports=8080 nginx.o -- nginx -g 'daemon off; pid /var/lib/nginx/pid;'
#
# Floor: ABI 4 (ports). The pid file goes into the state directory (`pid /var/lib/nginx/pid;`): to make one in /run
# itself would take the right to make and remove any file there. Not covered: CGI and other programs of one's own
# (nothing is executed; sockets of FastCGI by path are open below ABI 9); HTTP/3 (UDP is open below ABI 10); the binary
# upgrade by USR2.
# Tested: nginx 1.22, Debian 12.
abi 7
import std/base
import std/dns
import std/tls
import std/users

# What is served.
param site: path = /var/www
# Configuration, with what it includes.
param config: path = /etc/nginx
# Certificates and keys of the sites.
param keys: path = /etc/nginx/tls
# Logs; and bodies of requests, caches, the pid file.
param logs: path = /var/log/nginx
param state: path = /var/lib/nginx
# Where it listens, and which ports it passes requests on to. 0: none.
param ports: ports = [80, 443]
param upstream: ports = 0

# Names of upstreams are looked up; workers change to the user that the configuration names.
ruleset nginx extends base, dns, tls, users {
    allow read beneath optional $site, $config, optional $keys
    # Debian's pages, and links that turn modules on; modules themselves.
    allow read beneath optional /usr/share/nginx, optional /usr/lib/nginx
    # Logs are made, and reopened after a rotation.
    allow read, write, create beneath $logs
    allow read, write, create, remove, refer beneath $state
    allow tcp bind $ports
    allow tcp connect $upstream
}

# llc: allow W1502 because what holds a copy of the program is for the policy that uses this rule
rule program: when exec matches /{usr/,}{s,}bin/nginx, /usr/local/sbin/nginx apply nginx with nnp

test "serves its site" {
    set ports = 80
    exec /usr/sbin/nginx user root
    expect apply nginx with nnp
    expect allow read /var/www/html/index.html
    expect deny write, create, remove /var/www/html
    expect allow write, create /var/log/nginx
    expect deny remove /var/log/nginx
    expect allow tcp bind 80
    expect deny tcp bind 8080
    expect deny tcp connect 8000
    expect deny execute /usr/bin/dash
    expect deny execute /var/lib/nginx/body/x
    expect deny read /etc/shadow
    expect deny read /root/.ssh/id_ed25519
    expect deny scope signal
}
