#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# An ordinary shell that starts Python: examples/python.ll confines Python and not the shell.
here=$(dirname "$0")
if head -n 1 /etc/passwd >/dev/null; then
    echo "shell   allowed   read /etc/passwd                 (no rule selects the shell)"
fi
/usr/bin/python3 "$here/demo.py"
status=$?
if head -n 1 /etc/passwd >/dev/null; then
    echo "shell   allowed   read /etc/passwd                 (still: its child was confined, not the shell)"
fi
exit $status
