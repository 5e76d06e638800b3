"""The paper that is brought in or decided, before checkout locks members and receipts."""

from __future__ import annotations

from uuid import UUID

from mallard.kernel.database.prepared import send
from mallard.value.counter.models import PaperReceipt


def lock_number(store_id: UUID, number: str) -> None:
    """Let one desk at a time bring in the receipt of this number, so that each gets a true answer.

    Held until the transaction ends.
    """
    send(
        "SELECT pg_advisory_xact_lock(hashtext('counter.paper'), hashtext(%s))",
        [f"{store_id} {number}"],
    )


def lock_paper(paper_id: UUID) -> PaperReceipt:
    """The row, locked, so that it is decided once."""
    return (
        PaperReceipt.objects.select_for_update(of=("self",))
        .select_related("member", "store__mall")
        .get(pk=paper_id)
    )
