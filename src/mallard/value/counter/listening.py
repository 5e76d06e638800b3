"""What the counter listens to: the till told a sale that a desk had typed from paper."""

from __future__ import annotations

from mallard.kernel.access.actor import system
from mallard.kernel.outbox.events import Envelope, consumer
from mallard.value.counter import services
from mallard.value.sales.events import ReceiptMet

ACTOR = system("paper receipts")


@consumer(name="counter.meetings", events=(ReceiptMet,), batch_size=500)
def note(envelopes: list[Envelope]) -> None:
    """Note it beside what was typed; open an alert where they differ."""
    services.note_meetings(
        [
            services.Told(
                receipt_id=one.subject_id,
                told_minor=one.payload["net_minor"],
                names_another=one.payload["names_another"],
            )
            for one in envelopes
        ],
        actor=ACTOR,
    )
