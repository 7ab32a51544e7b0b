# SPDX-License-Identifier: GPL-2.0-only
# The interface of the exec-time series: verifier, map, system call, execs. On the kernel of tests/kernel (KERNEL: series).
exec series
