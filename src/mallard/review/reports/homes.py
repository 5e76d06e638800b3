"""The home of each role: which figures and which parts, in which order. In code, like the roles."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from django.http import HttpRequest
from django.utils.functional import Promise

from mallard.kernel.access.actor import NOWHERE, Actor, Scope
from mallard.kernel.access.guards import actor_of
from mallard.review.reports.figures import RECEIPTS_PER_100
from mallard.value.ledger.figures import BURN_RATIO
from mallard.value.loyalty.figures import COST_RATE, POINTS_LIABILITY
from mallard.value.sales.figures import (
    ACTIVE_RATE,
    CAPTURE_COVERAGE,
    DENSITY,
    IDENTIFICATION,
    MEMBER_SALES_SHARE,
    MEMBER_SHARE,
    NET_SALES,
    NEW_MEMBER_CONVERSION,
    NEW_TO_STORE,
    PER_CUSTOMER,
    PER_RECEIPT,
    RECEIPTS,
    REPURCHASE,
)
from mallard.value.sales.permissions import VIEW_FIGURES, VIEW_RECEIPT
from mallard.world.catalog.permissions import VIEW_PRODUCT
from mallard.world.staff.queries import roles_held
from mallard.world.staff.roles import ROLES
from mallard.world.tasks.figures import FOLLOW_UP_RATE


@dataclass(frozen=True, slots=True)
class Home:
    """What a role finds first. ``lookups``: fields to find a member, a receipt or a product;
    ``parts``: trend, hours, places, categories, plan, movers; ``brief``: what its sentence is of;
    ``permission``: what it takes to read figures and brief. What the reader may not see is left
    out."""

    figures: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()
    lookups: tuple[str, ...] = ()
    brief: Literal["trade", "goods"] = "trade"
    permission: str = VIEW_FIGURES

    @property
    def tells(self) -> bool:
        """Whether there is more than fields to find things with."""
        return bool(self.figures or self.parts or self.brief == "goods")


_DIRECTOR = Home(
    (NET_SALES.code, RECEIPTS.code, PER_RECEIPT.code, PER_CUSTOMER.code,
     MEMBER_SALES_SHARE.code, RECEIPTS_PER_100.code, IDENTIFICATION.code, ACTIVE_RATE.code,
     REPURCHASE.code, POINTS_LIABILITY.code),
    ("trend", "places", "hours", "categories", "plan", "movers"),
)  # fmt: skip

HOMES: dict[str, Home] = {
    "director": _DIRECTOR,
    "administrator": _DIRECTOR,
    "crm_manager": Home(
        (MEMBER_SALES_SHARE.code, IDENTIFICATION.code, PER_CUSTOMER.code, ACTIVE_RATE.code,
         REPURCHASE.code, NEW_MEMBER_CONVERSION.code, FOLLOW_UP_RATE.code, BURN_RATIO.code,
         POINTS_LIABILITY.code),
        ("trend", "places", "hours", "categories", "movers"),
        ("members",),
    ),
    "marketer": Home(
        (NET_SALES.code, PER_CUSTOMER.code, ACTIVE_RATE.code, REPURCHASE.code,
         NEW_MEMBER_CONVERSION.code, IDENTIFICATION.code),
        ("trend", "hours", "categories", "places"),
    ),
    "analyst": Home(
        (NET_SALES.code, RECEIPTS.code, IDENTIFICATION.code, CAPTURE_COVERAGE.code,
         MEMBER_SHARE.code, MEMBER_SALES_SHARE.code, RECEIPTS_PER_100.code, ACTIVE_RATE.code,
         REPURCHASE.code),
        ("trend", "hours", "categories", "places", "plan"),
    ),
    "finance": Home(
        (NET_SALES.code, PER_RECEIPT.code, CAPTURE_COVERAGE.code, MEMBER_SALES_SHARE.code,
         POINTS_LIABILITY.code, BURN_RATIO.code),
        ("trend", "places", "categories"),
    ),
    "leasing": Home(
        (NET_SALES.code, RECEIPTS.code, DENSITY.code, RECEIPTS_PER_100.code),
        ("plan", "categories", "places", "trend", "movers"),
    ),
    "service_agent": Home(
        (RECEIPTS.code, IDENTIFICATION.code), ("places",), ("members", "receipts")
    ),
    "tenant_manager": Home(
        (NET_SALES.code, RECEIPTS.code, PER_RECEIPT.code, PER_CUSTOMER.code, NEW_TO_STORE.code,
         REPURCHASE.code, DENSITY.code, COST_RATE.code, FOLLOW_UP_RATE.code),
        ("trend", "places", "hours"),
    ),
    "sales_assistant": Home(
        (NET_SALES.code, RECEIPTS.code, NEW_TO_STORE.code, FOLLOW_UP_RATE.code),
        (),
        ("members", "receipts", "products"),
    ),
    "cashier": Home(
        (RECEIPTS.code, IDENTIFICATION.code),
        (),
        ("members", "receipts", "products"),
        permission=VIEW_RECEIPT,
    ),
    "stock_keeper": Home((), (), ("products",), brief="goods", permission=VIEW_PRODUCT),
    "auditor": Home(
        (NET_SALES.code, RECEIPTS.code, POINTS_LIABILITY.code, BURN_RATIO.code),
        ("trend", "places"),
    ),
}  # fmt: skip
NOTHING = Home()


@dataclass(frozen=True, slots=True)
class RoleChoice:
    """A role that the reader holds, as the switch between homes shows it."""

    code: str
    name: str | Promise
    is_current: bool


@dataclass(frozen=True, slots=True)
class Standing:
    """As whom somebody reads a home: role, its composition, and the stores of that role alone."""

    role: str
    home: Home
    actor: Actor
    choices: tuple[RoleChoice, ...] = ()


def standing_of(request: HttpRequest) -> Standing:
    """The home that ``?role=`` asks for, among the reader's roles; the first of them otherwise.

    Its figures are of the stores that this role reaches: somebody who runs a shop and advises a
    mall reads one at a time. Rights stay those of all roles.
    """
    actor = actor_of(request)
    held: dict[str, Scope] = {}
    for code, scope in roles_held(actor):
        if code in HOMES:
            held[code] = held.get(code, NOWHERE) | scope
    ordered = [code for code in ROLES if code in held]
    asked = request.GET.get("role", "")
    role = asked if asked in held else next(iter(ordered), "")
    if not role:
        return Standing("", NOTHING, actor)
    choices = tuple(RoleChoice(code, ROLES[code].name, code == role) for code in ordered)
    return Standing(role, HOMES[role], replace(actor, scope=held[role]), choices)
