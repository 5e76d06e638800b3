"""What a member has and is: card number, points, tier and what is missing to the next one."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext, ngettext

from mallard.kernel import clock
from mallard.kernel.money import Money
from mallard.kernel.secrets.services import open_keys
from mallard.kernel.ui import formats
from mallard.value.loyalty.errors import NoProgramme
from mallard.value.loyalty.queries import programme, standings, tier_names
from mallard.world.members.blind import open_identity
from mallard.world.members.models import Identity, IdentityKind, Member


def card_number(member: Member) -> str:
    """What tills scan: the number of the member's newest card, else the membership's own."""
    row = (
        Identity.objects.filter(member=member, kind=IdentityKind.CARD, closed_at=None)
        .order_by("-id")
        .first()
    )
    number = open_identity(row, open_keys([member.id]).get(member.id)) if row else ""
    return number or member.number


@dataclass(frozen=True, slots=True)
class Step:
    """One condition of the next tier: ``done`` of ``total``, in ``words``."""

    words: str
    done: int
    total: int


@dataclass(frozen=True, slots=True)
class TierView:
    """The tier in plain words; ``steps`` lead to the next one."""

    name: str
    sentence: str
    steps: tuple[Step, ...] = ()


def tier_of(member: Member) -> TierView | None:
    """Where the member stands today; None while there is no programme."""
    day = formats.local(clock.now()).date()
    try:
        facts = programme()
        standing = standings([member.id], day=day).get(member.id)
    except NoProgramme:
        return None
    if standing is None:
        return None
    names = tier_names()
    name = names.get(standing.tier_code or "", "")
    following = facts.tier(standing.next_tier_code)
    if following is None:
        return TierView(name, gettext("You are in the highest tier. Thank you!"))
    gap = Money(standing.spend_gap_minor, facts.currency)
    steps = (
        Step(
            gettext("Spent: %(done)s of %(total)s")
            % {
                "done": formats.money(Money(standing.spend_minor, facts.currency)),
                "total": formats.money(Money(following.spend_minor, facts.currency)),
            },
            min(standing.spend_minor, following.spend_minor),
            following.spend_minor,
        ),
        Step(
            gettext("Visits: %(done)s of %(total)s")
            % {"done": formats.number(standing.visits), "total": formats.number(following.visits)},
            min(standing.visits, following.visits),
            following.visits,
        ),
    )
    sentence = _missing(names.get(following.code, following.code), gap, standing.visits_gap)
    return TierView(name, sentence, tuple(step for step in steps if step.total))


def _missing(tier: str, gap: Money, visits: int) -> str:
    """What to do to reach ``tier``, in a sentence. Both count the last 12 months."""
    told = {"tier": tier, "amount": formats.money(gap), "visits": formats.number(visits)}
    if gap.minor and visits:
        return (
            ngettext(
                "To reach %(tier)s, spend %(amount)s more and come %(visits)s more time, within "
                "12 months.",
                "To reach %(tier)s, spend %(amount)s more and come %(visits)s more times, within "
                "12 months.",
                visits,
            )
            % told
        )
    if gap.minor:
        return gettext("To reach %(tier)s, spend %(amount)s more within 12 months.") % told
    if visits:
        return (
            ngettext(
                "To reach %(tier)s, come %(visits)s more time within 12 months.",
                "To reach %(tier)s, come %(visits)s more times within 12 months.",
                visits,
            )
            % told
        )
    return gettext("You will be in %(tier)s from tomorrow.") % told
