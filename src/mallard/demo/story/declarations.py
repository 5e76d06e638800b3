"""What tenants say they sold: the source is a panel of members, so a tenant's own figure is more.

For each store a share of sales is drawn that members make up; the declaration is what its receipts
say, divided by that share, give or take some percent from day to day. Three things are planted:
a butcher who declares less than the members alone have spent, a pet shop that goes silent, and days
that finance disputes.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from mallard.demo.calendar import FIRST_DAY, LAST_FULL_DAY, ZONE
from mallard.demo.draws import SEED, Draws
from mallard.demo.place import CURRENCY, PLACES
from mallard.demo.staff import LOGINS
from mallard.kernel.access.actor import Actor
from mallard.kernel.provenance import Origin
from mallard.value.sales.declarations.facts import DeclarationInput, DeclarationResult
from mallard.value.sales.declarations.services import declare_sales, review_declarations
from mallard.value.sales.models import DeclarationStatus, SalesDeclaration, Source, StoreDay
from mallard.world.malls.models import Store
from mallard.world.staff.models import StaffUser
from mallard.world.staff.queries import actor_for_user

MEMBER_SHARE_PERCENT = (34, 62)
NOISE_PERCENT = 6
FORGOTTEN_PER_MILLE = 12
OPENING_HOUR = 9


@dataclass(frozen=True, slots=True)
class Days:
    """So many days of one store, counted from the year's first day (0)."""

    store: str
    first: int
    days: int

    def hold(self, store: str, offset: int) -> bool:
        return store == self.store and self.first <= offset < self.first + self.days


UNDER_DECLARED = Days("SB-BUT", first=210, days=35)
UNDER_DECLARED_PERCENT = 71
SILENT = Days("OQ-PET", first=304, days=9)
DISPUTED = Days("SB-BUT", first=231, days=7)
DISPUTE_REASON = (
    "Your till's receipts of members alone come to more than this. 会员小票合计已超过申报额。"
)


def plant(*, weeks: int, actor: Actor) -> Iterator[int]:
    """Declare the year, a place at a time; yields after each. Doing it again changes nothing."""
    first_day = FIRST_DAY + timedelta(weeks=weeks)
    for number, place in enumerate(PLACES, 1):
        given = [
            one
            for store in Store.objects.filter(mall__code=place.code).order_by("code")
            for one in declarations_of(store.code, _sold(store.id), first_day)
        ]
        outcomes = declare_sales(
            given,
            actor=actor,
            source=Source.HISTORY,
            origin=Origin.GENERATED,
            recorded_at=datetime.combine(
                LAST_FULL_DAY + timedelta(weeks=weeks, days=1), datetime.min.time(), ZONE
            ),
        )
        refused = [one for one in outcomes if one.result is DeclarationResult.REFUSED]
        if refused:
            raise RuntimeError(f"{len(refused)} declarations were refused: {refused[0].error}")
        yield number


def _sold(store_id: UUID) -> dict[date, tuple[int, int]]:
    """Net sales in cents and receipts by business day, as the receipts say."""
    return {
        row.business_day: (row.net_minor - row.refund_minor, row.receipts)
        for row in StoreDay.objects.filter(store=store_id)
    }


def declarations_of(
    store: str, sold: dict[date, tuple[int, int]], first_day: date
) -> Iterator[DeclarationInput]:
    """A declaration for each day on which the store traded, save the forgotten ones."""
    share = Draws(SEED, "member share", store).between(*MEMBER_SHARE_PERCENT)
    for day, (net_minor, receipts) in sorted(sold.items()):
        offset = (day - first_day).days
        draws = Draws(SEED, "declaration", store, offset)
        if draws.below(1_000) < FORGOTTEN_PER_MILLE or SILENT.hold(store, offset):
            continue
        noise = draws.between(100 - NOISE_PERCENT, 100 + NOISE_PERCENT)
        amount = max(net_minor, 0) * noise // share
        count = receipts * 100 // share
        if UNDER_DECLARED.hold(store, offset):
            amount = max(net_minor, 0) * UNDER_DECLARED_PERCENT // 100
            count = receipts * UNDER_DECLARED_PERCENT // 100
        said_at = datetime.combine(day + timedelta(days=1), datetime.min.time(), ZONE)
        yield DeclarationInput(
            store_code=store,
            business_day=day,
            amount_minor=amount,
            currency=CURRENCY,
            receipts=count,
            declared_at=said_at + timedelta(minutes=OPENING_HOUR * 60 + draws.below(180)),
        )


def dispute(*, weeks: int) -> None:
    """Finance disputes a week of the butcher's; what is disputed already stays as it is."""
    first = FIRST_DAY + timedelta(weeks=weeks, days=DISPUTED.first)
    days = SalesDeclaration.objects.filter(
        store__code=DISPUTED.store,
        business_day__range=(first, first + timedelta(days=DISPUTED.days - 1)),
    )
    email = next(login.email for login in LOGINS if login.role == "finance")
    review_declarations(
        list(days.values_list("id", flat=True)),
        status=DeclarationStatus.DISPUTED,
        reason=DISPUTE_REASON,
        actor=actor_for_user(StaffUser.objects.get(email=email)),
        origin=Origin.GENERATED,
    )
