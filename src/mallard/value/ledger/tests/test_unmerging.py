"""Two records that turn out to be two people."""

from __future__ import annotations

import pytest

from mallard.kernel.database.testing import wait_for_older_transactions
from mallard.kernel.outbox.dispatcher import deliver_to
from mallard.value.ledger import services
from mallard.value.ledger.queries import wallet_of
from mallard.value.ledger.tests.factories import (
    ACTOR,
    accrual,
    counter,
    funder,
    members,
    redemption,
    restoration,
)
from mallard.value.ledger.verification import verify
from mallard.world.members.services import merge_members, unmerge_member

pytestmark = pytest.mark.django_db(transaction=True)


def test_merged_records_spend_together_and_part_with_what_is_theirs() -> None:
    [survivor, merged], mall, till = members(2), funder(), counter()
    services.post_accruals([accrual(survivor, mall, 30), accrual(merged, mall, 100)], actor=ACTOR)
    merge_members(survivor, merged_id=merged, actor=ACTOR)
    assert wallet_of([survivor])[survivor].balance == 130
    spend = redemption(survivor, till, 110)
    services.redeem([spend], actor=ACTOR)

    unmerge_member(merged, actor=ACTOR)
    wait_for_older_transactions()
    deliver_to("ledger.unmerging")

    views = wallet_of([survivor, merged])
    assert (views[merged].balance, views[merged].owed) == (100, 0)
    assert (views[survivor].balance, views[survivor].owed) == (0, 80)
    assert verify().is_sound

    # The gift comes back: the debt goes first, the rest is the spender's own again.
    services.reverse_redemption(restoration(spend.key), actor=ACTOR)
    views = wallet_of([survivor, merged])
    assert (views[merged].balance, views[merged].owed) == (100, 0)
    assert (views[survivor].balance, views[survivor].owed) == (30, 0)
    assert verify().is_sound
