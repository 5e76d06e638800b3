"""Planted frauds: four ways in which points are got that nobody earned.

The goods on the made-up receipts are those of real receipts of the same store on the same day, so
that only the pattern gives them away: who recorded them, for whom, how often, and what came after.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from mallard.demo.calendar import FIRST_DAY, ZONE
from mallard.demo.draws import SEED, Draws
from mallard.demo.place import CURRENCY
from mallard.demo.story.people import (
    ASSISTANT,
    ASSISTANTS_CARD,
    CASHIER,
    CASHIERS_CARD,
    RETURNER,
    SPLITTER,
    StoryMember,
    StoryStaff,
)
from mallard.demo.workers import RefusedReceiptsError
from mallard.kernel.access.actor import Actor
from mallard.kernel.ids import uuid7
from mallard.value.checkout.outcomes import ReceiptOutcome, ReturnOutcome, Status
from mallard.value.checkout.services import record_receipts, record_returns
from mallard.value.ledger import services as ledger
from mallard.value.ledger.models import FunderKind
from mallard.value.ledger.queries import wallet_of
from mallard.value.sales.facts import LineInput, ReceiptInput, ReturnInput
from mallard.value.sales.models import Receipt, Source
from mallard.world.malls.models import Store
from mallard.world.members.queries import find_by_identities
from mallard.world.staff.models import StaffUser
from mallard.world.staff.queries import actor_for_user


@dataclass(frozen=True, slots=True)
class Stretch:
    """Receipts for one member at one store on some days: ``per_day`` at the most, none on days
    off. ``week`` counts from 0 at the year's first day."""

    code: str
    member: StoryMember
    store: str
    week: int
    days: int
    per_day: tuple[int, int]
    staff: StoryStaff | None
    first_minute: int
    last_minute: int
    least_minor: int = 0


STRANGERS = Stretch(
    "P1", CASHIERS_CARD, "OQ-SUP", week=27, days=44, per_day=(0, 3), staff=CASHIER,
    first_minute=15 * 60, last_minute=21 * 60, least_minor=3_000,
)  # fmt: skip
OWN_TILL = Stretch(
    "P2", ASSISTANTS_CARD, "SB-BEA", week=38, days=30, per_day=(0, 2), staff=ASSISTANT,
    first_minute=18 * 60, last_minute=21 * 60, least_minor=800,
)  # fmt: skip
SPLIT = Stretch(
    "P4", SPLITTER, "ES-COF", week=33, days=1, per_day=(12, 12), staff=None,
    first_minute=12 * 60, last_minute=12 * 60 + 48,
)  # fmt: skip
BOUGHT = Stretch(
    "P3", RETURNER, "WD-BEA", week=20, days=3, per_day=(4, 4), staff=None,
    first_minute=11 * 60, last_minute=19 * 60, least_minor=1_500,
)  # fmt: skip
STRETCHES = (STRANGERS, OWN_TILL, SPLIT, BOUGHT)

# Points of a receipt mature after seven days; then they are spent, and then the goods come back.
SPENT_AFTER_DAYS = 9
BROUGHT_BACK_AFTER_DAYS = 11


def plant(*, weeks: int, actor: Actor) -> None:
    """Record all of it, once: call it in the transaction that remembers that it is done."""
    for stretch in STRETCHES:
        by = _actor_of(stretch.staff) if stretch.staff else actor
        sales = list(receipts_of(stretch, weeks=weeks))
        _check(record_receipts(sales, actor=by, source=Source.GENERATED))
    _spend_and_bring_back(weeks=weeks, actor=actor)


def receipts_of(stretch: Stretch, *, weeks: int) -> Iterator[ReceiptInput]:
    """The receipts of a stretch, in the order in which they happen."""
    draws = Draws(SEED, "fraud", stretch.code)
    number = 0
    for offset in range(stretch.days):
        day = FIRST_DAY + timedelta(weeks=weeks + stretch.week, days=offset)
        count = draws.between(*stretch.per_day)
        minutes = sorted(
            draws.between(stretch.first_minute, stretch.last_minute) for _n in range(count)
        )
        baskets = _baskets(stretch, day)
        for minute in minutes if baskets else ():
            number += 1
            at = datetime(day.year, day.month, day.day, tzinfo=ZONE) + timedelta(minutes=minute)
            yield ReceiptInput(
                store_code=stretch.store,
                number=f"{stretch.code}-{number:03d}",
                occurred_at=at,
                currency=CURRENCY,
                member=stretch.member.ref,
                lines=draws.pick(baskets),
                recorded_at=at,
            )


def _baskets(stretch: Stretch, day: date) -> list[tuple[LineInput, ...]]:
    """The goods of that store's receipts of the week around ``day``, dearest first."""
    around = (day - timedelta(days=3), day + timedelta(days=3))
    rows = (
        Receipt.objects.filter(
            store__code=stretch.store,
            source=Source.HISTORY,
            business_day__range=around,
            net_minor__gte=stretch.least_minor,
        )
        .order_by("-net_minor", "number")
        .prefetch_related("lines")[:20]
    )
    return [_goods(row) for row in rows]


def _goods(receipt: Receipt) -> tuple[LineInput, ...]:
    return tuple(
        LineInput(line.sku, line.name, line.quantity_milli, line.amount_minor, line.discount_minor)
        for line in sorted(receipt.lines.all(), key=lambda line: line.line_no)
    )


def _spend_and_bring_back(*, weeks: int, actor: Actor) -> None:
    """The returner spends what the goods earned and brings every one of them back."""
    bought = list(receipts_of(BOUGHT, weeks=weeks))
    if not bought:
        return
    member_id = _member_id(BOUGHT.member)
    spent_at = bought[-1].occurred_at + timedelta(days=SPENT_AFTER_DAYS)
    group_id = uuid7()
    mall_id = Store.objects.get(code=BOUGHT.store).mall_id
    gift = ledger.Redemption(
        key=f"demo:{BOUGHT.code}:gift",
        member_id=member_id,
        redemption_account_id=ledger.open_redemption(FunderKind.MALL, mall_id),
        points=wallet_of([member_id])[member_id].balance,
        source_kind="gift",
        source_id=group_id,
        reason="gift card at the desk",
        occurred_at=spent_at,
        recorded_at=spent_at,
        group_id=group_id,
    )
    ledger.redeem([gift], actor=actor)
    back_after = timedelta(days=BROUGHT_BACK_AFTER_DAYS)
    returns = [
        ReturnInput(
            store_code=sale.store_code,
            number=f"{sale.number}-R",
            receipt_number=sale.number,
            occurred_at=sale.occurred_at + back_after,
            recorded_at=sale.occurred_at + back_after,
        )
        for sale in bought
    ]
    _check(record_returns(returns, actor=actor, source=Source.GENERATED))


def _member_id(member: StoryMember) -> UUID:
    return find_by_identities([member.ref])[member.ref].member_id


def _actor_of(person: StoryStaff) -> Actor:
    return actor_for_user(StaffUser.objects.get(email=person.email))


def _check(outcomes: Sequence[ReceiptOutcome | ReturnOutcome]) -> None:
    refused = [one for one in outcomes if one.status is not Status.RECORDED]
    if refused:
        raise RefusedReceiptsError(f"the story was refused: {refused[0]}")
