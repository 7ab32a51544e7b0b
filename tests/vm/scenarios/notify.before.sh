# SPDX-License-Identifier: Apache-2.0
# What is installed before systemd starts: units that tell that they are ready and write to the journal, one of them confined.
units=/etc/systemd/system
cp /units/landlatch.service /units/landlatch@.service $units/
mkdir -p /etc/landlatch $units/sysinit.target.wants /srv
cp /policies/told.o /etc/landlatch/
for unit in landlatch landlatch@told; do ln -s "../${unit%told}.service" $units/sysinit.target.wants/$unit.service; done
for unit in systemd-journald.socket systemd-journald-dev-log.socket; do ln -s /lib/systemd/system/$unit $units/sysinit.target.wants/; done
cat > /srv/told <<'TEXT'
# $1: who tells. logger by its path, since BusyBox has one within.
systemd-notify --booted && echo "$1: booted by systemd"
echo "$1: by standard output"
systemd-cat -t "$1" echo "$1: by a stream"
/usr/bin/logger -t "$1" "$1: by syslog"
/usr/bin/logger --journald <<END
SYSLOG_IDENTIFIER=$1
MESSAGE=$1: by the journal's protocol
END
echo "$1: read $(cat /etc/shadow 2>&1)"
lines=$(journalctl -o cat --no-pager 2>&1 | grep -c systemd)
[ "$lines" = 0 ] || echo "$1: read $lines lines of the journal"
systemd-notify --ready --status="$1 works"
exec sleep 1000
TEXT
for name in told free; do
    printf '[Service]\nType=notify\nNotifyAccess=all\nTimeoutStartSec=60\nExecStart=/bin/sh /srv/told %s\n' $name > $units/$name.service
done
echo "root:secret:19000:0:99999:7:::" > /etc/shadow
