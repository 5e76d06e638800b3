"""What malls, stores and people were to reach, month by month.

A store's target is what it sold in the month, give or take some percent, rounded to hundreds: the
panel is small, and a target drawn from nothing would be missed or met by chance alone. One store is
asked for far too much; its mall sees it fall behind.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import date, timedelta
from uuid import UUID

from mallard.demo.calendar import FIRST_DAY, LAST_FULL_DAY
from mallard.demo.draws import SEED, Draws
from mallard.demo.staff import LOGINS
from mallard.demo.story import people
from mallard.kernel.access.actor import Actor
from mallard.kernel.provenance import Origin
from mallard.review.targets.rules import first_of, next_month
from mallard.review.targets.services import TargetInput, set_targets
from mallard.value.sales.models import StoreDay
from mallard.world.malls.models import Store
from mallard.world.staff.models import StaffUser

NOISE_PERCENT = (92, 110)
ROUNDED_TO_MINOR = 10_000
OVERREACHING, OVERREACHING_PERCENT, OVERREACHING_MONTHS = "OQ-BAK", 138, 3
"""A store whose targets of the year's last months are far above what it sells."""
WHOLE_MONTH_DAYS = 30


def plant(*, weeks: int, actor: Actor) -> int:
    """Set the targets of the year and of the month after it; returns how many changed. Doing it
    again changes nothing."""
    first, last = FIRST_DAY + timedelta(weeks=weeks), LAST_FULL_DAY + timedelta(weeks=weeks)
    sold = _sold(first, last)
    stores = list(Store.objects.select_related("mall").order_by("code"))
    months = _months(first, last)
    targets: list[TargetInput] = []
    of_mall: defaultdict[tuple[UUID, date], int] = defaultdict(int)
    for store in stores:
        for number, month in enumerate(months):
            if not store.is_open_on(month):
                continue
            is_late = store.code == OVERREACHING and number >= len(months) - OVERREACHING_MONTHS
            amount = target_of(store.code, month, sold.get(store.pk, {}), last, is_late=is_late)
            if amount:
                of_mall[store.mall_id, month] += amount
                targets.append(_target(store, month, amount))
    targets += [
        TargetInput(month=month, mall_id=mall, amount=amount, origin=Origin.GENERATED)
        for (mall, month), amount in of_mall.items()
    ]
    targets += _of_people(stores, targets)
    return set_targets(targets, actor=actor)


def target_of(
    code: str, month: date, sold: Mapping[date, tuple[int, int]], last: date, *, is_late: bool
) -> int:
    """A store's target in minor units: 0 where it sold nothing to go by.

    ``sold`` is net sales and days by month. A month that the year ends in, and the one after it,
    go by the days that there are.
    """
    basis = month if month in sold else max(sold, default=month)
    net, days = sold.get(basis, (0, 0))
    whole = next_month(basis) - basis
    if basis == first_of(last) or days < whole.days:
        net = net * WHOLE_MONTH_DAYS // max(days, 1)
    percent = Draws(SEED, "target", code, f"{month.month}").between(*NOISE_PERCENT)
    percent = OVERREACHING_PERCENT if is_late else percent
    return max(0, net * percent // 100 // ROUNDED_TO_MINOR * ROUNDED_TO_MINOR)


def _months(first: date, last: date) -> list[date]:
    """The whole months of the year, the one it ends in, and the one after."""
    month = first if first.day == 1 else next_month(first_of(first))
    months = []
    while month <= last:
        months.append(month)
        month = next_month(month)
    return [*months, month]


def _sold(first: date, last: date) -> dict[UUID, dict[date, tuple[int, int]]]:
    """Net sales and calendar days of each store by month, within the year."""
    sold: defaultdict[UUID, dict[date, tuple[int, int]]] = defaultdict(dict)
    rows = StoreDay.objects.filter(business_day__range=(first, last)).values_list(
        "store_id", "business_day", "net_minor", "refund_minor"
    )
    for store_id, day, net, refund in rows:
        month = first_of(day)
        days = (min(next_month(month) - timedelta(days=1), last) - max(month, first)).days + 1
        before, _days = sold[store_id].get(month, (0, 0))
        sold[store_id][month] = (before + net - refund, days)
    return sold


def _target(store: Store, month: date, amount: int) -> TargetInput:
    return TargetInput(
        month=month,
        mall_id=store.mall_id,
        store_id=store.pk,
        amount=amount,
        origin=Origin.GENERATED,
    )


def _of_people(stores: list[Store], targets: list[TargetInput]) -> list[TargetInput]:
    """Assistants are to reach what their store is: each is alone with a target there."""
    store_of = {store.code: store.pk for store in stores}
    emails = {
        login.email: store_of.get(login.place.removeprefix("store:"))
        for login in LOGINS
        if login.role == "sales_assistant"
    }
    emails |= {one.email: store_of.get(one.store) for one in people.STAFF if one.role != "cashier"}
    staff = StaffUser.objects.filter(email__in=list(emails)).order_by("email")
    return [
        TargetInput(
            month=target.month,
            mall_id=target.mall_id,
            store_id=target.store_id,
            person_id=person.pk,
            amount=target.amount,
            origin=Origin.GENERATED,
        )
        for person in staff
        for target in targets
        if target.store_id is not None and target.store_id == emails[person.email]
    ]
