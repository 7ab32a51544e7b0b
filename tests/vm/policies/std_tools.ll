# SPDX-License-Identifier: Apache-2.0
# What works with files and the network, each by the library's own rule (scenarios/stdlib.sh).
abi 7
requires abi 1 leaving truncate, ioctl_dev, tcp, scope unrestricted
import std/curl
import std/python
import std/tar
use rules curl
use rules python
use rules tar
