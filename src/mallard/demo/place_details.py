"""What the demo's malls and tenants say of themselves: opening hours, and whom to call.

Both are generated. The source sells at every hour of the day; its night trade is spread over all
tenants (3 % of receipts outside a mall's hours), because it knows no malls that close. The trades
that it is credible for are open around the clock here; the rest stays as it is, and the answer key
says so: hours never refuse a receipt.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from mallard.demo.draws import SEED, Draws
from mallard.demo.people import MAIL_DOMAINS, drawn_name
from mallard.demo.place import MALLS, DemoMall
from mallard.demo.receipts import DemoStore
from mallard.demo.tenants import TENANTS
from mallard.kernel.access.actor import Actor
from mallard.world.malls.contacts.services import ContactInput, create_contact
from mallard.world.malls.models import OpeningHours, TenantContact
from mallard.world.malls.opening import MINUTES_A_DAY, Hours
from mallard.world.malls.opening_services import set_mall_hours, set_store_hours

AROUND_THE_CLOCK = frozenset({"SUP", "FUE", "SUN"})
"""Supermarket, filling station and convenience shop."""

ROLES = ("营运经理 Operations manager", "财务对账 Accounts")
WEEK = range(1, 8)


def load_opening_hours(
    malls: Mapping[str, UUID], stores: Mapping[str, UUID], known: Sequence[DemoStore], actor: Actor
) -> None:
    """The hours of every mall, and of the stores that never close, by code. Places that have said
    their hours already stay as they are."""
    said = set(OpeningHours.objects.filter(store=None).values_list("mall", flat=True))
    said |= set(OpeningHours.objects.exclude(store=None).values_list("store", flat=True))
    for mall in MALLS:
        if malls[mall.code] not in said:
            set_mall_hours(malls[mall.code], dict.fromkeys(WEEK, _hours(mall)), actor=actor)
    codes = {mall.code for mall in MALLS}
    all_day = Hours(0, MINUTES_A_DAY)
    for store in known:
        is_open = store.tenant in AROUND_THE_CLOCK and store.place in codes
        if is_open and stores[store.code] not in said:
            set_store_hours(stores[store.code], dict.fromkeys(WEEK, all_day), actor=actor)


def _hours(mall: DemoMall) -> Hours:
    return Hours(_minute(mall.opens_at), _minute(mall.closes_at))


def _minute(text: str) -> int:
    hour, minute = text.split(":")
    return int(hour) * 60 + int(minute)


def load_contacts(tenants: Mapping[str, UUID], actor: Actor) -> None:
    """Two people at every tenant, reachable by nobody. Tenants with contacts keep theirs."""
    reached = set(TenantContact.objects.values_list("tenant", "role"))
    for tenant in TENANTS:
        for role in ROLES:
            if (tenants[tenant.code], role) in reached:
                continue
            draws = Draws(SEED, "contact", tenant.code, role)
            name, mail_name = drawn_name(draws, is_chinese=draws.chance(50))
            mail = f"{mail_name}.{tenant.code.lower()}@{draws.pick(MAIL_DOMAINS)}"
            create_contact(
                tenants[tenant.code], ContactInput(role=role, name=name, mail=mail), actor=actor
            )
