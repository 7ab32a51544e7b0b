# SPDX-License-Identifier: Apache-2.0
"""Every policy of std/ is formatted, and `llc check` finds nothing weak in it but what blocks are for: names that others use."""
import json
import os
import subprocess
import sys
from pathlib import Path

LLC = os.environ["LANDLATCH_BIN"] + "/llc"


def main():
    policies = sorted(Path(sys.argv[1]).glob("*.ll"))
    problems = []
    if subprocess.run([LLC, "fmt", "--check", *policies], check=False).returncode != 0:
        problems.append("not formatted")
    for policy in policies:
        ran = subprocess.run([LLC, "check", "--diagnostics=json", policy], capture_output=True, text=True, check=False)
        for line in (ran.stdout + ran.stderr).splitlines():
            found = json.loads(line)
            if found["code"] != "W1200":
                problems.append(f"{policy.name}: {found['code']} {found['message']}")
    print("\n".join(problems) or f"{len(policies)} policies")
    sys.exit(1 if problems or not policies else 0)


if __name__ == "__main__":
    main()
