"""On what machine a figure was measured, and who else used it meanwhile."""

from __future__ import annotations

import os
import platform
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import Any

import psutil


def describe_machine() -> dict[str, Any]:
    """Processor, cores, memory, system, versions: what a figure depends on."""
    return {
        "processor": _processor(),
        "cores": os.cpu_count(),
        "memory_gb": round(psutil.virtual_memory().total / 1024**3, 1),
        "system": platform.platform(),
        "python": platform.python_version(),
        "versions": {name: version(name) for name in ("django", "psycopg", "mallard-crm")},
    }


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor()
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()


@contextmanager
def measured_load() -> Iterator[dict[str, Any]]:
    """Fills the dict at the end: load average before and after, and the shares of all processor
    time that this process, PostgreSQL and everybody else used inside the block."""
    found: dict[str, Any] = {"load_average_before": os.getloadavg()}
    started, own, server, busy = time.monotonic(), _own(), _server(), _busy()
    yield found
    whole = (time.monotonic() - started) * (os.cpu_count() or 1)
    generator, database = _own() - own, _server() - server
    found |= {
        "load_average_after": os.getloadavg(),
        "cpu_share": {
            "load_generator": round(generator / whole, 3),
            "postgresql": round(database / whole, 3),
            "others": round(max(0.0, _busy() - busy - generator - database) / whole, 3),
        },
    }


def _own() -> float:
    times = psutil.Process().cpu_times()
    # Its workers' too, once they have ended.
    return float(times.user + times.system + times.children_user + times.children_system)


def _busy() -> float:
    times = psutil.cpu_times()
    return float(sum(times) - times.idle - getattr(times, "iowait", 0.0))


def _server() -> float:
    total = 0.0
    for process in psutil.process_iter(["name", "cpu_times"]):
        times = process.info["cpu_times"]
        if times is not None and (process.info["name"] or "").startswith("postgres"):
            # Those of connections that ended are counted by the process that reaped them.
            total += times.user + times.system + times.children_user + times.children_system
    return total
