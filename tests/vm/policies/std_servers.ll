# SPDX-License-Identifier: Apache-2.0
# Three servers of the library at once (scenarios/stdlib.sh).
abi 7
requires abi 1 leaving truncate, ioctl_dev, tcp, scope unrestricted
import std/memcached
import std/nginx
import std/redis
use rules memcached
use rules nginx
use rules redis
