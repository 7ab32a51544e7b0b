# SPDX-License-Identifier: Apache-2.0
# A CI runner's job: what a repository says shall be built and tested works in the runner's directory, with compilers,
# interpreters and named ports.
#
#     import std/ci
#     use rules ci
#     # llload ci.o --set ci.work=/var/lib/buildbot/workers --set tmp.scratch=/var/lib/buildbot/tmp
#
# Floor: ABI 6 (signals; ports by 4). A runner with an image of its own (GitLab's, GitHub's, Gitea's and others) is left
# alone, and what it starts is confined, by the runner as parent. Buildbot's worker is Python, as its jobs may be: there
# the unit is confined, worker and all. Jobs of one runner share `work`: for jobs that don't trust each other take a
# directory and a runner each. Not covered: jobs in containers or by ssh, which others start; deploying (keys and ports of
# its own: extend `job`); the runner's own token, where it lies in `work`, is read by jobs.
# Tested: Buildbot 3.7's worker with its master, Debian 12. Runners with images of their own: untested.
abi 7
import std/base
import std/dns
import std/gcc
import std/python
import std/shell
import std/tls
import std/tmp
import std/users

# Checkouts, builds and the runner's own files.
param work: path
# Where jobs may connect: package registries, the forge by https.
param ports: ports = [80, 443]
# Where Buildbot's master listens for its workers.
param master: ports = 9989

# Programs that start jobs. GitHub's runner is unpacked anywhere.
let runners =
    [/usr/{local/,}bin/{gitlab-runner,act_runner,gitea-runner,forgejo-runner,woodpecker-agent,buildkite-agent},
    /{,**/}bin/Runner.Worker]

ruleset job extends base.machine, dns, gcc.tools, python.runtime, shell, tls, tmp, users {
    # Checkouts are written and built, and what is built there runs: tests.
    allow read, write, create, remove, refer, execute beneath $work
    # Python reads the worker's script; the worker, and jobs, tell which system it is.
    allow read_file file optional /usr/bin/buildbot-worker, optional /etc/os-release, optional /usr/lib/os-release
    # Interpreters and what builds start most; git fetches by https, with what it reads of the machine.
    allow execute, read_file each optional ${python.interpreters}
    allow execute, read_file each optional /{usr/,}bin/{git,make,gmake,cmake,ctest,ninja,pkg-config,pkgconf}
    allow execute, read each optional /usr/lib/git-core, optional /usr/libexec/git-core
    allow read file optional /etc/gitconfig
    # What is copied into new repositories; descriptions of libraries; CMake's modules.
    allow read beneath optional /usr/share/git-core, optional /usr/share/pkgconfig
    allow read each optional /usr/share/cmake*
    allow tcp connect $ports
    allow tcp connect $master
}

# Containment: whatever a job copies or starts stays inside.
rule job: when parent exec matches $runners always apply job with nnp
rule worker: when under unit buildbot-worker.service, "buildbot-worker@*.service" always apply job with nnp

test "a job of GitHub's runner" {
    set work = /srv/ci
    set tmp.scratch = /srv/scratch
    exec /usr/bin/bash parent exec /srv/runner/bin/Runner.Worker under unit actions.service user ann
    expect apply job with nnp
    expect allow read, write, create, remove, execute /srv/ci/app/build
    expect allow execute /usr/bin/git
    expect deny execute /srv/scratch/x
    expect deny execute /usr/bin/ssh
    expect deny execute /usr/bin/docker
    expect allow tcp connect 443
    expect deny tcp connect 22
    expect deny tcp bind 8080
    expect deny read /home/ann/.ssh/id_ed25519
    expect deny read /etc/gitlab-runner/config.toml
    expect deny read /etc/shadow
    expect deny scope signal
}

test "Buildbot's worker and its jobs" {
    exec /usr/bin/python3.11 parent exec /usr/lib/systemd/systemd under unit buildbot-worker@one.service user buildbot
    expect apply job with nnp
}

test "the runner itself" {
    exec /usr/bin/gitlab-runner parent exec /usr/lib/systemd/systemd under unit gitlab-runner.service user root
    expect none
}
