"""Who sends the load: wrk where it is installed, a plain generator of our own elsewhere.

Both keep a number of connections busy with POST requests that differ in number, store, member and
goods, and tell how many answers came, how many were refusals, and how long they took.
"""

from __future__ import annotations

import json
import resource
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from string import Template
from typing import Any

PLAIN = "mallard.bench.api.plain"
WRK_SCRIPT = Template("""\
local stores, skus, phones = $stores, $skus, $phones
local sent = 0
request = function()
    sent = sent + 1
    local number = "$run-" .. sent
    local lines = string.format(
        '{"sku":"%s","amount_minor":%d},{"sku":"%s","amount_minor":%d}',
        skus[math.random(#skus)], math.random(200, 9000),
        skus[math.random(#skus)], math.random(200, 9000))
    local body = string.format(
        '{"store":"%s","number":"%s","occurred_at":"$at","currency":"CNY",'
        .. '"member":{"kind":"phone","value":"%s"},"lines":[%s]}',
        stores[math.random(#stores)], number, phones[math.random(#phones)], lines)
    return wrk.format("POST", "$path", {
        ["Authorization"] = "Bearer $key",
        ["Content-Type"] = "application/json",
        ["Idempotency-Key"] = number,
        ["Host"] = "127.0.0.1",
    }, body)
end
done = function(summary, latency, requests)
    io.write(string.format(
        '{"answers":%d,"seconds":%f,"refused":%d,"broken":%d,"p50_ms":%f,"p99_ms":%f}\\n',
        summary.requests, summary.duration / 1e6, summary.errors.status,
        summary.errors.connect + summary.errors.read + summary.errors.write
            + summary.errors.timeout,
        latency:percentile(50) / 1e3, latency:percentile(99) / 1e3))
end
""")


@dataclass(frozen=True, slots=True)
class Load:
    """What a generator saw. ``cpu_seconds`` is its own processor time."""

    answers: int
    seconds: float
    refused: int
    broken: int
    p50_ms: float
    p99_ms: float
    cpu_seconds: float

    @property
    def per_second(self) -> float:
        return self.answers / self.seconds


def generator_name() -> str:
    """Which generator this machine has."""
    return "wrk" if shutil.which("wrk") else "http.client in processes of its own"


def send(request: dict[str, Any], *, clients: int, seconds: int, folder: Path) -> Load:
    """Keep ``clients`` connections busy for ``seconds``.

    ``request``: port, path, run (a word that begins the receipts' numbers), at, key, stores,
    skus, phones. Raises RuntimeError when the generator fails.
    """
    command = _wrk(request, clients, seconds, folder) or _plain(request, clients, seconds, folder)
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    done = subprocess.run(
        command, capture_output=True, text=True, timeout=seconds + 120, check=False
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode != 0:
        raise RuntimeError(f"{command[0]} failed after {time.monotonic() - began:.0f} s: {done}")
    figures = json.loads(done.stdout.strip().splitlines()[-1])
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Load(**figures, cpu_seconds=cpu)


def _wrk(request: dict[str, Any], clients: int, seconds: int, folder: Path) -> list[str] | None:
    program = shutil.which("wrk")
    if program is None:
        return None
    script = folder / f"{request['run']}.lua"
    lists = {name: _lua_list(request[name]) for name in ("stores", "skus", "phones")}
    script.write_text(WRK_SCRIPT.substitute(request | lists), encoding="utf-8")
    # One thread: a script has its state per thread, and its numbers must not repeat.
    address = f"http://127.0.0.1:{request['port']}"
    options = ["-t1", f"-c{clients}", f"-d{seconds}s", "--timeout", "30s"]
    return [program, *options, "-s", str(script), address]


def _lua_list(values: list[str]) -> str:
    return "{" + ",".join(json.dumps(value) for value in values) + "}"


def _plain(request: dict[str, Any], clients: int, seconds: int, folder: Path) -> list[str]:
    config = folder / f"{request['run']}.json"
    config.write_text(json.dumps(request | {"clients": clients, "for_seconds": seconds}))
    return [sys.executable, "-m", PLAIN, str(config)]
