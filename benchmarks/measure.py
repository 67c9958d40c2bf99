"""Measures whole processes: CPU seconds and peak memory, interleaved, the minimum of several runs."""

from __future__ import annotations

import math
import os
import subprocess
from collections.abc import Mapping, Sequence
from typing import NamedTuple


class Cost(NamedTuple):
    """User and system seconds of one process, and its peak memory in MiB."""

    cpu: float
    memory: float


def run(command: Sequence[str]) -> Cost:
    """Runs a command to its end, its output thrown away; an exit status above 1 is an error."""
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) as process:
        assert process.stderr is not None
        complaint = process.stderr.read()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in (0, 1) or b"Traceback" in complaint:
        raise RuntimeError(
            f"{' '.join(command)} ended with {process.returncode}: {complaint.decode()[-2000:]}"
        )
    return Cost(usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def interleaved(commands: Mapping[str, Sequence[str]], runs: int) -> dict[str, Cost]:
    """The least cost of each command over several rounds in which each runs once."""
    best: dict[str, Cost] = {}
    for _ in range(runs):
        for name, command in commands.items():
            cost = run(command)
            known = best.get(name, cost)
            best[name] = Cost(min(known.cpu, cost.cpu), min(known.memory, cost.memory))
    return best


def exponent(sizes: Sequence[float], costs: Sequence[float]) -> float:
    """The growth exponent between the smallest and the largest size."""
    return math.log(costs[-1] / costs[0]) / math.log(sizes[-1] / sizes[0])
