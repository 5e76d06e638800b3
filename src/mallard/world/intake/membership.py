"""The joined day and the home of a member who is known: what a row changes, and its undoing.

Values are kept as moments (where the file is at home) and ids, so that undoing gives back exactly
what there was.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Min

from mallard.kernel.ui import formats
from mallard.world.intake.interpreting import Problem, Said
from mallard.world.malls.models import Mall, Store
from mallard.world.members.inputs import Home
from mallard.world.members.models import Member, MemberPresence

if TYPE_CHECKING:
    from mallard.world.intake.planning import Places

Values = Mapping[str, tuple[str, str]]
NAMES = ("joined", "store", "mall")
_PLACES: dict[str, type[Store] | type[Mall]] = {"store": Store, "mall": Mall}


def first_purchases(member_ids: Collection[UUID]) -> dict[UUID, dt.datetime]:
    """When each of the members bought for the first time; one statement."""
    rows = MemberPresence.objects.filter(member__in=member_ids, receipts__gt=0)
    return dict(
        rows.order_by().values("member").annotate(at=Min("first_at")).values_list("member", "at")
    )


def joined_of(said: Said, places: Places) -> dt.datetime | None:
    """The moment at which the row says that the member joined."""
    if said.joined_on is None:
        return None
    return dt.datetime.combine(said.joined_on, dt.time(), tzinfo=places.zone)


def home_of(said: Said, places: Places) -> Home | None:
    """Where the row says that the member is at home: its store, else its mall."""
    if said.store_code:
        return Home(store_id=places.stores[said.store_code].pk)
    return Home(mall_id=places.malls[said.mall_code].pk) if said.mall_code else None


def changed(
    said: Said, member: Member, places: Places, first_purchase: dt.datetime | None
) -> dict[str, tuple[str, str]]:
    """Old and new by name; notes on ``said`` why a row cannot be taken."""
    found: dict[str, tuple[str, str]] = {}
    joined = joined_of(said, places)
    if joined and joined.date() != member.joined_at.astimezone(places.zone).date():
        if first_purchase and joined.date() > first_purchase.astimezone(places.zone).date():
            said.problems.append(Problem("bought_before", "joined"))
        found["joined"] = (_kept(member.joined_at, places.zone), _kept(joined, places.zone))
    home = home_of(said, places)
    if home is None or _is_at_home(member, home, places):
        return found
    if not _may_move(member, places):
        said.problems.append(Problem("home_elsewhere", "store" if home.store_id else "mall"))
    present = Home(member.enrolled_store_id, member.enrolled_mall_id)
    for name, old, new in (
        ("store", present.store_id, home.store_id),
        ("mall", present.mall_id, home.mall_id),
    ):
        if old != new:
            found[name] = (str(old or ""), str(new or ""))
    return found


def _is_at_home(member: Member, home: Home, places: Places) -> bool:
    """A mall is said of a member at home in one of its stores, too."""
    if home.store_id is not None:
        return member.enrolled_store_id == home.store_id
    at_store = places.mall_of_store.get(member.enrolled_store_id) == home.mall_id
    return member.enrolled_mall_id == home.mall_id or at_store


def _may_move(member: Member, places: Places) -> bool:
    """Nobody takes a member away from a place that is not theirs."""
    if places.is_group:
        return True
    store_id, mall_id = member.enrolled_store_id, member.enrolled_mall_id
    malls = {mall.pk for mall in places.malls.values()}
    return (store_id is None or store_id in places.mall_of_store) and (
        mall_id is None or mall_id in malls
    )


def _kept(at: dt.datetime, zone: ZoneInfo) -> str:
    return at.astimezone(zone).isoformat()


def is_as_left(values: Values, member: Member) -> bool:
    """Whether there stands what the row put there."""
    left = before(values, 1)
    home = Home(member.enrolled_store_id, member.enrolled_mall_id)
    return left.get("joined_at", member.joined_at) == member.joined_at and (
        left.get("home", home) == home
    )


def before(values: Values, which: int = 0) -> dict[str, Any]:
    """What a `MemberChange` says of it: as it was (0), or as the row says (1)."""
    change: dict[str, Any] = {}
    if "joined" in values:
        change["joined_at"] = dt.datetime.fromisoformat(values["joined"][which])
    if "store" in values or "mall" in values:
        ids = [values.get(name, ("", ""))[which] for name in ("store", "mall")]
        change["home"] = Home(*(UUID(id_) if id_ else None for id_ in ids))
    return change


def place_names(rows: Collection[Values]) -> dict[str, str]:
    """The names of the places that rows name, by id; two statements at most."""
    names: dict[str, str] = {}
    for name, model in _PLACES.items():
        ids = {id_ for values in rows for id_ in values.get(name, ()) if id_}
        if ids:
            places = model._default_manager.filter(pk__in=ids)
            names |= {str(one.pk): f"{one.name} ({one.code})" for one in places}
    return names


def told(name: str, value: str, names: Mapping[str, str]) -> str:
    """A value of these for a reader."""
    if name == "joined":
        return formats.day(dt.datetime.fromisoformat(value).date())
    return names.get(value, "")
