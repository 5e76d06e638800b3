"""The member whose page anybody may look at, chosen from what was loaded: no login is kept."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from uuid import UUID

from django.db.models import Exists, F, OuterRef, QuerySet, Sum
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from mallard.demo.models import DemoLoad
from mallard.kernel import clock
from mallard.kernel.provenance import Origin
from mallard.value.loyalty.errors import NoProgramme
from mallard.value.loyalty.queries import programme
from mallard.value.loyalty.standing import standings
from mallard.value.sales.models import MemberDay
from mallard.world.members.models import Consent, Identity, IdentityKind, Member, MemberStatus
from mallard.world.memberweb.hints import WayInHint, register_way_in_hint
from mallard.world.staff.hints import OtherDoor, register_other_door

CANDIDATES = 50
LABEL = _("See it as a member")
DETAIL = _("The member page of somebody in the highest tier; names and contacts are generated.")


def register() -> None:
    """Offer the page at both doors."""
    register_other_door(_on_staffs_door)
    register_way_in_hint(_on_members_door)


def _on_staffs_door() -> OtherDoor | None:
    if not DemoLoad.objects.exists():
        return None
    return OtherDoor(LABEL, DETAIL, reverse("demo:as_a_member"))


def _on_members_door() -> WayInHint | None:
    if not DemoLoad.objects.exists():
        return None
    return WayInHint(LABEL, DETAIL, reverse("demo:as_a_member"))


def shown_member() -> Member | None:
    """A generated member in the highest tier that anybody has reached, who allows marketing and has
    an e-mail address; of several the one who spent most. None where no demo was loaded.
    """
    if not DemoLoad.objects.filter(stage=DemoLoad.Stage.FINISHED).exists():
        return None
    since = clock.now().date() - dt.timedelta(days=365)
    best = (
        MemberDay.objects.filter(business_day__gte=since, member__in=_fitting().values("pk"))
        .values("member_id")
        .annotate(spent=Sum(F("net_minor") - F("refund_minor")))
        .order_by("-spent", "member_id")
        .values_list("member_id", flat=True)[:CANDIDATES]
    )
    ids = list(best)
    if not ids:
        return _fitting().order_by("number").first()
    return Member.objects.get(pk=_highest(ids))


def _fitting() -> QuerySet[Member]:
    mail = Identity.objects.filter(member=OuterRef("pk"), kind=IdentityKind.EMAIL, closed_at=None)
    yes = Consent.objects.filter(member=OuterRef("pk"), purpose="marketing", is_granted=True)
    return Member.objects.filter(
        Exists(mail),
        Exists(yes),
        status=MemberStatus.OPEN,
        merged_into=None,
        origin=Origin.GENERATED,
    )


def _highest(ids: Sequence[UUID]) -> UUID:
    """Of members in the order of spending the first in the highest tier among them."""
    try:
        ranks = {level.code: level.rank for level in programme().tiers}
        found = standings(ids, day=clock.now().date(), with_falls=False)
    except NoProgramme:
        return ids[0]

    def rank(member_id: UUID) -> int:
        return ranks.get(found[member_id].tier_code or "", -1)

    return max(ids, key=rank)
