"""How the URLs of the service counter are called by the permission matrix: a paper receipt is seen
by who holds its store and may know of its member."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from mallard.kernel.clock import now
from mallard.value.counter.models import PaperReceipt
from mallard.value.counter.rules import Typed
from mallard.value.counter.services import PaperInput, bring_receipt
from tests.permissions.places import MAKER, STORE_ROWS, Side, World
from tests.permissions.rows import ANY, Sample, always, of_member


def of_paper(_world: World, side: Side) -> Mapping[str, Any]:
    """A paper receipt that waits for a second person."""
    key = f"matrix:{side.name.value}"
    found = PaperReceipt.objects.filter(key=key).first()
    if found is None:
        typed = Typed("PAPER-1", now() - dt.timedelta(days=3), 500_000)
        given = PaperInput(key=key, member_id=side.member_id, store_id=side.store.id, typed=typed)
        found = bring_receipt(given, actor=MAKER)
    return {"paper_id": found.pk}


COUNTER = {
    "/counter/receipts/": ANY,
    "/counter/receipts/<uuid:paper_id>/": Sample(path=of_paper, seen=STORE_ROWS),
    "/counter/receipts/<uuid:paper_id>/approve": Sample(path=of_paper, seen=STORE_ROWS),
    "/counter/receipts/<uuid:paper_id>/decline": Sample(
        path=of_paper, seen=STORE_ROWS, body=always(reason="The paper is torn")
    ),
    "/counter/members/<uuid:member_id>/backdate": Sample(path=of_member, seen=STORE_ROWS),
}
