"""What the tills were told, read back from their logs."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

Number = tuple[str, str]
"""Store code and number."""


@dataclass
class Acknowledged:
    """Everything that was acknowledged, by (store, number), and what the tills complain of."""

    items: int = 0
    broken: int = 0
    unavailable: int = 0
    ended: int = 0
    receipts: dict[Number, dict[str, Any]] = field(default_factory=dict)
    returns: dict[Number, dict[str, Any]] = field(default_factory=dict)
    answers: dict[Number, list[dict[str, Any]]] = field(default_factory=dict)
    refunds: dict[Number, int] = field(default_factory=dict)
    contradictions: list[dict[str, Any]] = field(default_factory=list)

    @classmethod
    def read(cls, folder: Path) -> Acknowledged:
        found = cls()
        for record in _records(folder):
            found._add(record)
        return found

    def _add(self, record: dict[str, Any]) -> None:
        if "contradiction" in record:
            self.contradictions.append(record)
        elif "end" in record:
            self.ended += 1
            self.broken += record["broken"]
            self.unavailable += record["unavailable"]
        else:
            for body, answer in record["items"]:
                self.add_item(record["kind"], body, answer)

    def add_item(self, kind: str, body: dict[str, Any], answer: dict[str, Any]) -> None:
        """One item that was answered: what was asked, and what was said."""
        self.items += 1
        number = (body["store"], body["number"])
        if answer["status"] == "refused":
            self.contradictions.append({"asked": body, "answer": answer})
        elif kind == "receipt":
            self.receipts.setdefault(number, body)
            self.answers.setdefault(number, []).append(answer)
        else:
            self.returns.setdefault(number, body)
            if answer["status"] == "recorded":
                self.refunds[number] = answer["refund_minor"]


def _records(folder: Path) -> Iterator[dict[str, Any]]:
    for path in sorted(folder.glob("till-*.log")):
        for line in path.read_bytes().splitlines(keepends=True):
            if line.endswith(b"\n"):  # the last one may be cut off if a till was ended
                yield json.loads(line)
