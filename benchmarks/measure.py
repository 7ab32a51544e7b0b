# SPDX-License-Identifier: Apache-2.0
"""CPU time and peak memory of whole processes."""
import pathlib
import subprocess
import tempfile
from typing import NamedTuple

RUN_COST = pathlib.Path("run_cost")  # scripts/bench says where


class Cost(NamedTuple):
    seconds: float  # user and system
    peak_mib: float
    code: int
    error: str


def cost(command: list[str], limit: float = 120) -> Cost:
    """Runs the command once. `code` is 124 when it was stopped after `limit` seconds."""
    with tempfile.NamedTemporaryFile("r") as figures:
        done = subprocess.run([RUN_COST, figures.name, "timeout", str(limit), *command], stdout=subprocess.DEVNULL,
                              stderr=subprocess.PIPE, text=True, check=True)
        micros, kib, code = map(int, figures.read().split())
    return Cost(micros / 1e6, kib / 1024, code, done.stderr)


def least(command: list[str], runs: int) -> Cost:
    """The run that took least CPU time; the first that failed, if one did."""
    costs = []
    for _ in range(runs):
        costs.append(cost(command))
        if costs[-1].code != 0:
            return costs[-1]
    return min(costs)
