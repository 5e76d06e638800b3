"""Writes down the id of every sales event that it hears of, on the disk before it returns."""

from __future__ import annotations

import os

from mallard.kernel.outbox.events import Envelope, consumer
from mallard.value.sales.events import ReceiptRecorded, ReturnRecorded
from tests.drill.listener import HEARD_VARIABLE


@consumer(name="drill.listener", events=[ReceiptRecorded, ReturnRecorded], batch_size=200)
def write_down(envelopes: list[Envelope]) -> None:
    """Append the ids. A worker that is killed in here hears of the same events again."""
    lines = "".join(f"{envelope.id} {envelope.name}\n" for envelope in envelopes)
    with open(os.environ[HEARD_VARIABLE], "a", encoding="ascii") as file:
        file.write(lines)
        file.flush()
        os.fsync(file.fileno())
