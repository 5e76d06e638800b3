"""One till, a process of its own: `python -m tests.drill.till CONFIG NUMBER`.

Sends its errands over HTTP, again and again until each is answered, and keeps every answer: in
memory, and in a log that is on the disk before the next request. The log is the till's word
against the database's.
"""

from __future__ import annotations

import http.client
import json
import mmap
import os
import struct
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.drill.errands import Errand, Errands, Shares

REQUEST_TIMEOUT_SECONDS = 20
GIVE_UP_SECONDS = 240
TAKEN = (200, 201, 202)
STATE = struct.Struct("<QQ")
"""In the shared state file, per till: requests in flight, items acknowledged."""


class Contradiction(Exception):
    """The server said something that its earlier answers rule out."""


@dataclass(frozen=True)
class Reply:
    status: int
    body: dict[str, Any]
    is_replay: bool


class Line:
    """A connection that is made again whenever it breaks, and asks until there is an answer."""

    def __init__(self, port: int, api_key: str) -> None:
        self._port = port
        self._api_key = api_key
        self._connection: http.client.HTTPConnection | None = None
        self.broken = 0
        self.unavailable = 0

    def ask(self, errand: Errand) -> Reply:
        headers = {
            "Authorization": f"Bearer {self._api_key}",
            "Content-Type": "application/json",
        }
        if errand.key is not None:
            headers["Idempotency-Key"] = errand.key
        content = json.dumps(errand.body).encode()
        deadline = time.monotonic() + GIVE_UP_SECONDS
        delay = 0.02
        while True:
            reply = self._try(f"/api/v1/{errand.route}", content, headers)
            if reply is not None and reply.status not in (429, 503):
                return reply
            if time.monotonic() > deadline:
                raise Contradiction(f"no answer for {GIVE_UP_SECONDS} s")
            time.sleep(delay)
            delay = min(0.5, delay * 2)

    def _try(self, path: str, content: bytes, headers: dict[str, str]) -> Reply | None:
        try:
            if self._connection is None:
                self._connection = http.client.HTTPConnection(
                    "127.0.0.1", self._port, timeout=REQUEST_TIMEOUT_SECONDS
                )
            self._connection.request("POST", path, content, headers)
            response = self._connection.getresponse()
            raw = response.read()
        except (OSError, http.client.HTTPException):
            self.broken += 1
            if self._connection is not None:
                self._connection.close()
            self._connection = None
            return None
        if response.status == 503:
            self.unavailable += 1
            kind = response.headers.get("Content-Type", "")
            if not kind.startswith("application/problem+json"):
                raise Contradiction(f"a 503 that is no problem details: {kind} {raw[:200]!r}")
        is_replay = response.headers.get("Idempotency-Replayed") == "true"
        return Reply(response.status, json.loads(raw), is_replay)


class Till:
    """Runs errands until ``acknowledgements`` items have been answered."""

    def __init__(self, config: dict[str, Any], number: int) -> None:
        self._number = number
        self._goal = config["acknowledgements"]
        self._lines = [Line(config["port"], config["place"]["key"]) for _ in range(2)]
        self._errands = Errands(
            config["place"], till=number, seed=config["seed"], shares=Shares(**config["shares"])
        )
        folder = Path(config["folder"])
        self._log = os.open(folder / f"till-{number:02}.log", os.O_CREAT | os.O_WRONLY)
        with (folder / "state").open("r+b") as file:
            self._state = mmap.mmap(file.fileno(), 0)
        self._acknowledged = 0

    def run(self) -> None:
        for errand in self._errands:
            self._do(errand)
            if self._acknowledged >= self._goal:
                break
        for errand in self._errands.finish():
            self._do(errand)
        self._keep(
            {
                "end": True,
                "broken": sum(line.broken for line in self._lines),
                "unavailable": sum(line.unavailable for line in self._lines),
            }
        )

    def _do(self, errand: Errand) -> None:
        self._show(in_flight=1)
        try:
            replies = self._ask(errand)
        finally:
            self._show(in_flight=0)
        for reply in replies:
            self._judge(errand, reply)
        if replies[0].status in TAKEN:
            self._errands.answered(errand, replies[0].body)

    def _ask(self, errand: Errand) -> list[Reply]:
        if errand.at_once == 1:
            return [self._lines[0].ask(errand)]
        replies: dict[int, Reply] = {}

        def ask(place: int) -> None:
            replies[place] = self._lines[place].ask(errand)

        other = threading.Thread(target=ask, args=(1,))
        other.start()
        ask(0)
        other.join()
        return [replies[0], replies[1]]

    def _judge(self, errand: Errand, reply: Reply) -> None:
        """Keep what was acknowledged; write down what cannot be right."""
        is_refused = errand.expects.count(".") == 1
        if is_refused:
            if (reply.status, reply.body.get("code")) != (409, errand.expects):
                self._contradiction(errand, reply)
            return
        if reply.status not in TAKEN:
            self._contradiction(errand, reply)
            return
        if errand.expects == "same reply" and reply.body != errand.first:
            self._contradiction(errand, reply)
        if errand.expects == "same receipt" and (
            reply.body.get("receipt_id") != (errand.first or {}).get("receipt_id")
        ):
            self._contradiction(errand, reply)
        kind = "return" if errand.route == "returns" else "receipt"
        is_batch = errand.route.endswith("/batch")
        bodies = errand.body["items"] if is_batch else [errand.body]
        answers = reply.body["items"] if is_batch else [reply.body]
        self._keep(
            {
                "kind": kind,
                "items": [list(pair) for pair in zip(bodies, answers, strict=True)],
            }
        )
        self._acknowledged += len(bodies)
        self._show(in_flight=0)

    def _contradiction(self, errand: Errand, reply: Reply) -> None:
        self._keep(
            {
                "contradiction": errand.expects,
                "asked": errand.body,
                "first": errand.first,
                "status": reply.status,
                "answer": reply.body,
            }
        )

    def _keep(self, record: dict[str, Any]) -> None:
        os.write(self._log, json.dumps(record).encode() + b"\n")
        os.fsync(self._log)

    def _show(self, *, in_flight: int) -> None:
        STATE.pack_into(self._state, self._number * STATE.size, in_flight, self._acknowledged)


def main() -> None:
    config = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    Till(config, int(sys.argv[2])).run()


if __name__ == "__main__":
    main()
