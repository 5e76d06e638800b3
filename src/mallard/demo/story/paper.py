"""Paper receipts that members brought to the desk of East Shore in the year's last weeks.

One was found at the till, two were recorded from paper (the dearer after somebody agreed), one
was declined, one was another member's. One waits for a second person: it was brought on the day
before the load, as such an approval is due within 72 hours and the load may be a week after the
year's last day.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from uuid import UUID

from mallard.demo.calendar import LAST_FULL_DAY, ZONE, business_day
from mallard.demo.people import card_number
from mallard.demo.place import CURRENCY
from mallard.demo.staff import actor_as
from mallard.demo.workers import RefusedReceiptsError
from mallard.kernel import clock
from mallard.kernel.access.actor import Actor
from mallard.kernel.database.transactions import atomic_retrying
from mallard.kernel.provenance import Origin
from mallard.value.checkout.outcomes import Status
from mallard.value.checkout.services import record_receipts
from mallard.value.counter.asking import SUBJECT
from mallard.value.counter.models import PaperReceipt
from mallard.value.counter.rules import Typed
from mallard.value.counter.services import PaperInput, bring_receipt, decide_receipt
from mallard.value.sales.facts import LineInput, ReceiptInput
from mallard.value.sales.models import Receipt, Source
from mallard.world.malls.models import Store
from mallard.world.members.queries import MemberRef, find_by_identities
from mallard.world.tasks.models import Task

MALL = "ES"


@dataclass(frozen=True, slots=True)
class Moment:
    """A time of day so many days before the year's last."""

    days_before: int
    at: time

    def of(self, weeks: int) -> datetime:
        day = LAST_FULL_DAY + timedelta(weeks=weeks) - timedelta(days=self.days_before)
        return datetime.combine(day, self.at, ZONE)


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper receipt: of which household, from where, when it was brought and what the second
    person said (``answer`` of a declined one), where one was needed and has decided.

    ``brought`` is a moment of the year, or the time of day on the day before the load."""

    number: str
    household: int
    store: str
    amount_minor: int
    bought: Moment
    brought: Moment | time
    decided: Moment | None = None
    answer: str = ""

    def brought_at(self, *, weeks: int, loaded_at: datetime) -> datetime:
        if isinstance(self.brought, Moment):
            return self.brought.of(weeks)
        return datetime.combine(business_day(loaded_at) - timedelta(days=1), self.brought, ZONE)


# The baker's till told this sale, of nobody.
GOODS = (
    LineInput(None, "Celebration cake 庆典蛋糕", 1_000, 4_850),
    LineInput(None, "Rye bread 黑麦面包", 2_000, 1_570),
)
NAMED = Paper(
    "P5-001", 2_344, "ES-BAK", 6_420, Moment(9, time(17, 42)), Moment(8, time(11, 15))
)  # fmt: skip
# On these days the tills of these stores told nothing.
FROM_PAPER = (
    Paper("P5-002", 1_111, "ES-FLO", 124_000, Moment(12, time(12, 5)), Moment(10, time(16, 20)),
          Moment(10, time(18, 2))),
    Paper("P5-003", 51, "ES-FLO", 186_000, Moment(13, time(15, 31)), Moment(4, time(10, 40)),
          Moment(4, time(13, 55)),
          "小票是复印件，门店查不到这笔销售 A copy, and the store knows nothing of the sale"),
    Paper("P5-004", 2_097, "ES-MAB", 8_640, Moment(2, time(14, 18)), Moment(1, time(12, 30))),
    Paper("P5-005", 1_985, "ES-FLO", 138_500, Moment(3, time(11, 47)), time(16, 30)),
)  # fmt: skip
PAPERS = (NAMED, *FROM_PAPER)
# A household that brings somebody else's receipt, one of those days.
FOUND_BY, FOUND_DAYS, FOUND_BROUGHT, FOUND_LEAST_MINOR = (
    1_607,
    (8, 4),
    Moment(3, time(18, 10)),
    2_000,
)


def plant(*, weeks: int, loaded_at: datetime, actor: Actor) -> None:
    """Record all of it once: again changes nothing. ``loaded_at`` is when the load began."""
    if not PaperReceipt.objects.exists():
        _plant(weeks=weeks, loaded_at=loaded_at, actor=actor)


@atomic_retrying
def _plant(*, weeks: int, loaded_at: datetime, actor: Actor) -> None:
    agent, approver = actor_as("service_agent"), actor_as("crm_manager")
    members = _members()
    moments = {one.number: one.brought_at(weeks=weeks, loaded_at=loaded_at) for one in PAPERS}
    for paper in sorted(PAPERS, key=lambda one: moments[one.number]):
        member_id = members.get(paper.household)
        if member_id is None:  # a part of the year has fewer members
            continue
        if paper is NAMED:
            _tell(paper, weeks=weeks, actor=actor)
        typed = Typed(paper.number, paper.bought.of(weeks), paper.amount_minor)
        store_id = Store.objects.get(code=paper.store).pk
        row = _type(store_id, member_id, typed, moments[paper.number], agent)
        if paper.decided is not None:
            with clock.frozen(paper.decided.of(weeks)):
                decide_receipt(
                    row.pk, is_approved=not paper.answer, reason=paper.answer, actor=approver
                )
    _bring_anothers(members, weeks=weeks, agent=agent)
    Task.objects.filter(subject_kind=SUBJECT).update(origin=Origin.GENERATED)


def _members() -> dict[int, UUID]:
    households = [*(paper.household for paper in PAPERS), FOUND_BY]
    refs = {one: MemberRef("card", card_number(one)) for one in households}
    found = find_by_identities(list(refs.values()))
    return {one: found[ref].member_id for one, ref in refs.items() if ref in found}


def _tell(paper: Paper, *, weeks: int, actor: Actor) -> None:
    """The till tells the sale, of nobody."""
    at = paper.bought.of(weeks)
    sale = ReceiptInput(
        store_code=paper.store,
        number=paper.number,
        occurred_at=at,
        currency=CURRENCY,
        member=None,
        lines=GOODS,
        recorded_at=at,
    )
    [outcome] = record_receipts([sale], actor=actor, source=Source.GENERATED)
    if outcome.status is not Status.RECORDED:
        raise RefusedReceiptsError(f"the story was refused: {outcome}")


def _type(
    store_id: UUID, member_id: UUID, typed: Typed, at: datetime, actor: Actor
) -> PaperReceipt:
    with clock.frozen(at):
        return bring_receipt(
            PaperInput(
                key=f"demo:paper:{typed.number}",
                member_id=member_id,
                store_id=store_id,
                typed=typed,
            ),
            actor=actor,
        )


def _bring_anothers(members: dict[int, UUID], *, weeks: int, agent: Actor) -> None:
    """A real receipt of somebody else: refused, and whose it is was not said."""
    first, last = (LAST_FULL_DAY + timedelta(weeks=weeks, days=-days) for days in FOUND_DAYS)
    found = (
        Receipt.objects.filter(
            store__mall__code=MALL,
            source=Source.HISTORY,
            business_day__range=(first, last),
            member__isnull=False,
            net_minor__gte=FOUND_LEAST_MINOR,
        )
        .exclude(member__in=members.values())
        .order_by("-occurred_at", "store__code", "number")
        .first()
    )
    if found is None or FOUND_BY not in members:
        return
    typed = Typed(found.number, found.occurred_at, found.net_minor)
    at = FOUND_BROUGHT.of(weeks)
    _type(found.store_id, members[FOUND_BY], typed, at, agent)
