"""Whole processes measured in turn: wall time and peak memory over rounds."""

import os
import platform
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from statistics import median


@dataclass
class Measured:
    """The runs of one command: wall seconds and peak resident memory in MiB."""

    seconds: list[float] = field(default_factory=list)
    mebibytes: list[float] = field(default_factory=list)

    @property
    def time(self) -> float:
        """The median wall time in seconds."""
        return median(self.seconds)

    @property
    def memory(self) -> float:
        """The largest peak memory in MiB."""
        return max(self.mebibytes)


def run(command: list[str], folder: Path) -> tuple[float, float]:
    """Seconds and peak MiB of one process that must succeed (of it and the children it waited for)."""
    start = time.perf_counter()
    process = subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    error = process.stderr.read() if process.stderr else b""
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    seconds = time.perf_counter() - start
    if process.returncode:
        raise RuntimeError(f"{' '.join(command)} failed:\n{error.decode(errors='replace')}")
    return seconds, usage.ru_maxrss / 1024


def in_turn(commands: Mapping[str, list[str]], folder: Path, rounds: int) -> dict[str, Measured]:
    """Every command in every round, one after the other, so that all meet the same noise."""
    measured: dict[str, Measured] = defaultdict(Measured)
    for _ in range(rounds):
        for name, command in commands.items():
            seconds, mebibytes = run(command, folder)
            measured[name].seconds.append(seconds)
            measured[name].mebibytes.append(mebibytes)
    return measured


def machine(packages: Iterable[str]) -> str:
    """The machine and the versions that figures were taken with."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    hardware = f"{os.cpu_count()} cores, {memory:.0f} GiB, {platform.system()} {platform.machine()}"
    versions = ", ".join(f"{name} {version(name)}" for name in packages)
    return f"{hardware}; Python {sys.version.split()[0]}, {versions}"
