"""The load generator for machines without wrk: `python -m mallard.bench.api.plain CONFIG`.

Two processes share the connections, a thread for each. It needs several times the processor time
of wrk for the same requests; the benchmark prints how much.
"""

from __future__ import annotations

import http.client
import json
import multiprocessing
import random
import sys
import threading
import time
from pathlib import Path
from typing import Any

PROCESSES = 2


def main() -> None:
    config = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    processes = min(PROCESSES, config["clients"])
    with multiprocessing.get_context("spawn").Pool(processes) as pool:
        parts = pool.starmap(
            _clients,
            [(config, range(n, config["clients"], processes)) for n in range(processes)],
        )
    latencies = sorted(latency for part in parts for latency in part["latencies"])
    sys.stdout.write(
        json.dumps(
            {
                "answers": len(latencies),
                "seconds": max(part["seconds"] for part in parts),
                "refused": sum(part["refused"] for part in parts),
                "broken": sum(part["broken"] for part in parts),
                "p50_ms": _percentile(latencies, 50),
                "p99_ms": _percentile(latencies, 99),
            }
        )
    )


def _percentile(ordered: list[float], percent: int) -> float:
    return ordered[min(len(ordered) - 1, len(ordered) * percent // 100)] * 1e3 if ordered else 0.0


def _clients(config: dict[str, Any], numbers: range) -> dict[str, Any]:
    found: dict[str, Any] = {"latencies": [], "refused": 0, "broken": 0}
    began = time.monotonic()
    threads = [
        threading.Thread(target=_client, args=(config, number, began, found)) for number in numbers
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found | {"seconds": time.monotonic() - began}


def _client(config: dict[str, Any], number: int, began: float, found: dict[str, Any]) -> None:
    draw = random.Random(number)  # noqa: S311 a repeatable workload
    connection = http.client.HTTPConnection("127.0.0.1", config["port"], timeout=30)
    latencies: list[float] = []
    refused = broken = count = 0
    while time.monotonic() - began < config["for_seconds"]:
        count += 1
        name = f"{config['run']}-{number}-{count}"
        headers = {
            "Authorization": f"Bearer {config['key']}",
            "Content-Type": "application/json",
            "Idempotency-Key": name,
        }
        body = json.dumps(_receipt(config, name, draw))
        sent = time.perf_counter()
        try:
            connection.request("POST", config["path"], body, headers)
            response = connection.getresponse()
            response.read()
        except (OSError, http.client.HTTPException):
            broken += 1
            connection.close()
            continue
        latencies.append(time.perf_counter() - sent)
        refused += response.status >= 400
    connection.close()
    found["latencies"] += latencies
    found["refused"] += refused
    found["broken"] += broken


def _receipt(config: dict[str, Any], number: str, draw: random.Random) -> dict[str, Any]:
    return {
        "store": draw.choice(config["stores"]),
        "number": number,
        "occurred_at": config["at"],
        "currency": "CNY",
        "member": {"kind": "phone", "value": draw.choice(config["phones"])},
        "lines": [
            {"sku": draw.choice(config["skus"]), "amount_minor": draw.randint(200, 9_000)}
            for _ in range(2)
        ],
    }


if __name__ == "__main__":
    main()
