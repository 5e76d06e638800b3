"""The demo's logins: one for every role, each where such a person would work."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from mallard.demo.models import DemoLoad
from mallard.kernel.access.actor import Actor, Scope
from mallard.kernel.bilingual import localised
from mallard.kernel.provenance import Origin
from mallard.world.malls.models import Mall, Store, Tenant
from mallard.world.staff.hints import SignInHint
from mallard.world.staff.models import Language, StaffUser
from mallard.world.staff.queries import actor_for_user
from mallard.world.staff.roles import ROLES
from mallard.world.staff.services import create_staff

DOMAIN = "demo.starlake.example"


@dataclass(frozen=True, slots=True)
class DemoLogin:
    """Somebody who may sign in. ``place`` is ``group``, ``mall:CODE``, ``tenant:CODE`` or
    ``store:CODE``; ``try_this`` says what is worth a look with this login."""

    role: str
    mailbox: str
    name: str
    language: str
    place: str
    try_this: str | Promise

    @property
    def email(self) -> str:
        return f"{self.mailbox}@{DOMAIN}"


LOGINS = (
    DemoLogin("director", "director", "周明远 Zhou Mingyuan", Language.CHINESE, "group",
              _("All six malls: figures, members, stores.")),
    DemoLogin("crm_manager", "crm", "林若曦 Lin Ruoxi", Language.CHINESE, "group",
              _("A member's 360° page; the points programme and its rules.")),
    DemoLogin("marketer", "marketing", "Grace Holloway", Language.ENGLISH, "group",
              _("Members without names; tags.")),
    DemoLogin("analyst", "analyst", "沈知行 Shen Zhixing", Language.CHINESE, "group",
              _("Receipts and figures, nobody's name.")),
    DemoLogin("finance", "finance", "Edward Larkin", Language.ENGLISH, "group",
              _("The ledger: where each point came from and who pays for it.")),
    DemoLogin("leasing", "leasing", "顾安宁 Gu Anning", Language.CHINESE, "group",
              _("Floor plans, units, leases.")),
    DemoLogin("service_agent", "service", "Maya Bennett", Language.ENGLISH, "mall:ES",
              _("East Shore's members; a return at the desk.")),
    DemoLogin("tenant_manager", "bakery", "何佳禾 He Jiahe", Language.CHINESE, "tenant:BAK",
              _("The bakery's stores and customers, nobody else's.")),
    DemoLogin("sales_assistant", "assistant", "Oliver Quinn", Language.ENGLISH, "store:ES-SUP",
              _("The customers of one supermarket.")),
    DemoLogin("cashier", "cashier", "许可欣 Xu Kexin", Language.CHINESE, "store:WD-SUP",
              _("A receipt, and goods that come back.")),
    DemoLogin("stock_keeper", "stock", "Hannah Reeve", Language.ENGLISH, "store:SB-SUP",
              _("The catalogue: search it in Chinese or English.")),
    DemoLogin("auditor", "auditor", "Thomas Avery", Language.ENGLISH, "group",
              _("Everything that leaves a trace, to read only.")),
    DemoLogin("administrator", "admin", "梁思齐 Liang Siqi", Language.CHINESE, "group",
              _("Everything, staff and keys included.")),
)  # fmt: skip


def create_logins(password: str, *, actor: Actor) -> None:
    """Make the logins that are not there yet."""
    known = set(StaffUser.objects.values_list("email", flat=True))
    for login in LOGINS:
        if login.email not in known:
            create_staff(
                email=login.email,
                name=login.name,
                role=login.role,
                scope=_scope(login.place),
                password=password,
                language=login.language,
                origin=Origin.GENERATED,
                actor=actor,
            )


def actor_as(role: str) -> Actor:
    """Somebody with this role, of the logins."""
    email = next(login.email for login in LOGINS if login.role == role)
    return actor_for_user(StaffUser.objects.get(email=email))


def _scope(place: str) -> Scope:
    kind, _colon, code = place.partition(":")
    if kind == "mall":
        return Scope(mall_ids=frozenset({Mall.objects.get(code=code).id}))
    if kind == "tenant":
        return Scope(tenant_ids=frozenset({Tenant.objects.get(code=code).id}))
    if kind == "store":
        return Scope(store_ids=frozenset({Store.objects.get(code=code).id}))
    return Scope(is_group=True)


def place_name(place: str) -> str:
    """What people call a login's place, in the reader's language."""
    kind, _colon, code = place.partition(":")
    if kind == "mall":
        return Mall.objects.get(code=code).name
    if kind == "tenant":
        return Tenant.objects.get(code=code).name
    if kind == "store":
        return Store.objects.get(code=code).name
    return localised("Star Lake", "星湖里")


def sign_in_hints() -> Sequence[SignInHint]:
    """The demo's logins for the sign-in page; none where no demo was loaded.

    An installation has a `DemoLoad` only when its whole data is the demo's, and the password is
    that row's. Logins that were shut out are left out.
    """
    load = DemoLoad.objects.first()
    if load is None:
        return []
    emails = [login.email for login in LOGINS]
    active = set(
        StaffUser.objects.filter(email__in=emails, is_active=True).values_list("email", flat=True)
    )
    return [
        SignInHint(ROLES[login.role].name, login.name, login.email, load.password)
        for login in LOGINS
        if login.email in active
    ]


def is_demo() -> bool:
    """Whether the demo's year was loaded into this installation."""
    return DemoLoad.objects.exists()


def is_demo_login(user: StaffUser) -> bool:
    """Whether this is one of the logins that everybody who tries the demo shares: they open by
    password only. False where no demo was loaded."""
    return user.email in {login.email for login in LOGINS} and is_demo()
