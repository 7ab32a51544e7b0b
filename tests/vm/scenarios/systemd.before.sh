# SPDX-License-Identifier: Apache-2.0
# What is installed before systemd starts: the units of packaging/systemd, two policies, and services that try one.
units=/etc/systemd/system
cp /units/landlatch.service /units/landlatch@.service $units/
mkdir -p /etc/landlatch $units/sysinit.target.wants
cp /policies/units.o /policies/victim.o /etc/landlatch/
ln -s ../landlatch.service $units/sysinit.target.wants/landlatch.service
ln -s ../landlatch@.service $units/sysinit.target.wants/landlatch@units.service
ln -s ../landlatch@.service $units/sysinit.target.wants/landlatch@victim.service
service() { # NAME LINE…: runs the program that tells; active afterwards when it was confined
    name=$1; shift
    { printf '[Service]\nType=oneshot\nRemainAfterExit=yes\nStandardOutput=null\nExecStart=/usr/bin/victim\n'
      for line in "$@"; do echo "$line"; done; } > $units/$name.service
}
service held
service held-private User=user PrivateTmp=yes PrivateDevices=yes ProtectSystem=strict NoNewPrivileges=yes \
    SystemCallFilter=@system-service SystemCallErrorNumber=EPERM
service free
service held-early
# One that the boot itself brings up.
mkdir -p $units/basic.target.wants
ln -s ../held-early.service $units/basic.target.wants/held-early.service
