# SPDX-License-Identifier: GPL-2.0-only
# The interface of the exec-time series: verifier, map, system call, execs. Runs on the kernel of tests/kernel/build.
exec series
