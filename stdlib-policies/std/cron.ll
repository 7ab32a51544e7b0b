# SPDX-License-Identifier: Apache-2.0
# cron jobs of users: each has a shell with the ordinary tools, a directory of scripts and one of data.
#
#     import std/cron
#     use rules cron
#     # llload --set cron.scripts=/srv/jobs --set cron.data=/srv/report cron.o
#
# Floor: ABI 3 (truncating). A job is whatever the daemon itself starts, by the daemon's image as parent: a crontab that
# names another shell is held too. Root's jobs are left alone, since the machine's own maintenance is among them: write
# `when parent exec matches ${cron.daemons} and user root apply …` for them, with a ruleset that extends `job`. Jobs don't
# talk to a network and don't signal processes outside. Not covered: the mail that cron sends of a job's output is the
# mailer's; systemd's timers, whose units a rule names (`under unit`); BusyBox's crond, whose image is that of all tools.
# Tested: cron 3.0, Debian 12, with the daemon's own start of jobs.
abi 7
import std/base
import std/shell
import std/users

# What may be run beside the tools, by its path or by a shell: scripts and programs of the jobs.
param scripts: path = /usr/local/lib/cron
# What jobs read and write.
param data: path = /var/lib/cron

# Who starts jobs: Debian's cron, Fedora's cronie, Alpine's dcron, and anacron for machines that sleep.
let daemons = /{usr/,}{s,}bin/{cron,crond,dcron,fcron,anacron}
let _mailers = /{usr/,}{s,}bin/{sendmail,exim4,exim,postdrop,msmtp,nullmailer-inject,ssmtp,dma}

ruleset job extends base, base.machine, shell, users {
    # Scripts name their interpreter, whose image must be readable and executable as well: those of std/shell are.
    allow read, execute beneath optional $scripts
    # Results, made beside and renamed into place.
    allow read, write, create, remove, refer beneath optional $data
}

rule jobs: when parent exec matches $daemons unless user root or exec matches $_mailers apply job with nnp

test "a user's job" {
    set scripts = /srv/jobs
    set data = /srv/report
    exec /usr/bin/dash parent exec /usr/sbin/cron user ann
    expect apply job with nnp
    expect allow execute /srv/jobs/nightly
    expect allow read, write, create, remove /srv/report
    expect allow execute /usr/bin/sort
    expect deny write, create /srv/jobs
    expect deny execute /srv/report/x
    expect deny execute /usr/bin/python3.11
    expect deny tcp connect 25
    expect deny read /home/ann/.ssh/id_ed25519
    expect deny read /etc/shadow
    expect deny write, create /var/spool/cron/crontabs
    expect deny scope signal
}

test "a crontab's own shell" {
    exec /usr/bin/python3.11 parent exec /usr/sbin/cron user ann
    expect apply job with nnp
}

test "the machine's maintenance" {
    exec /usr/bin/dash parent exec /usr/sbin/cron user root
    expect none
}

test "the mail of a job" {
    exec /usr/sbin/exim4 parent exec /usr/sbin/cron user ann
    expect none
}

test "the same shell elsewhere" {
    exec /usr/bin/dash parent exec /usr/sbin/sshd user ann
    expect none
}
