"""What a member has and is: card number, points, tier and what is missing to the next one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext, ngettext, pgettext

from mallard.kernel import clock
from mallard.kernel.bilingual import between_sentences
from mallard.kernel.money import Money
from mallard.kernel.secrets.services import open_keys
from mallard.kernel.ui import formats
from mallard.value.loyalty.errors import NoProgramme
from mallard.value.loyalty.queries import programme, tier_names
from mallard.value.loyalty.rules import TierLevel
from mallard.value.loyalty.standing import Standing, benefits_of, standings
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
    """The tier in plain words; ``steps`` lead to the next one, ``warning`` tells of its end,
    ``benefits`` are what the member is entitled to."""

    name: str
    sentence: str
    steps: tuple[Step, ...] = ()
    warning: str = ""
    benefits: tuple[str, ...] = ()


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
    warning = _warning(standing, names, facts.currency)
    following = facts.tier_on(standing.next_tier_code, day)
    benefits = tuple(one.name for one in benefits_of(member.id, standing.tier_code))
    if following is None:
        sentence = gettext("You are in the highest tier. Thank you!")
        return TierView(name, sentence, warning=warning, benefits=benefits)
    sentence = _missing(names.get(following.code, following.code), standing, facts.currency)
    steps = _steps(standing, following, facts.currency)
    return TierView(name, sentence, steps, warning, benefits)


def _steps(standing: Standing, following: TierLevel, currency: str) -> tuple[Step, ...]:
    def amount(minor: int) -> str:
        return formats.money(Money(minor, currency))

    counted = (
        (gettext("Spent: %(done)s of %(total)s"), standing.spend_minor, following.spend_minor),
        (gettext("Visits: %(done)s of %(total)s"), standing.visits, following.visits),
        (gettext("Qualifying value: %(done)s of %(total)s"), standing.value, following.value),
    )
    return tuple(
        Step(words % {"done": said(done), "total": said(total)}, min(done, total), total)
        for (words, done, total), said in zip(
            counted, (amount, formats.number, formats.number), strict=True
        )
        if total
    )


def _missing(tier: str, standing: Standing, currency: str) -> str:
    """What to do to reach ``tier``, in a sentence, with the time there is for it."""
    missing = _to_do(standing.spend_gap_minor, standing.visits_gap, standing.value_gap, currency)
    if not missing:
        return gettext("You will be in %(tier)s from tomorrow.") % {"tier": tier}
    told = {"tier": tier, "missing": missing}
    if standing.period_ends_on is None:
        return gettext("To reach %(tier)s, %(missing)s within 12 months.") % told
    told["day"] = formats.day(standing.period_ends_on)
    return gettext("To reach %(tier)s, %(missing)s by %(day)s.") % told


def _to_do(spend_minor: int, visits: int, value: int, currency: str) -> str:
    """What is still missing, as something to do; empty when nothing is."""
    missing = []
    if spend_minor:
        amount = formats.money(Money(spend_minor, currency))
        missing.append(gettext("spend %(amount)s more") % {"amount": amount})
    if visits:
        words = ngettext("come %(visits)s more time", "come %(visits)s more times", visits)
        missing.append(words % {"visits": formats.number(visits)})
    if value:
        words = gettext("gain %(value)s more qualifying value")
        missing.append(words % {"value": formats.number(value)})
    return pgettext("between what is to be done", " and ").join(missing)


def _warning(standing: Standing, names: Mapping[str, str], currency: str) -> str:
    """That the tier ends, and what keeps it. Where every day's 12 months count, some day is always
    the last one: the member is told when it is near."""
    day = standing.falls_on
    if day is None or (standing.period_ends_on is None and not standing.falls_soon):
        return ""
    told = _end(day, standing, names), _keep(standing, names, currency)
    return between_sentences().join(text for text in told if text)


def _keep(standing: Standing, names: Mapping[str, str], currency: str) -> str:
    keep = standing.keep
    missing = _to_do(keep.spend_minor, keep.visits, keep.value, currency) if keep else ""
    if not missing:
        return ""
    told = {"tier": names.get(standing.tier_code or "", ""), "missing": missing}
    return gettext("To keep %(tier)s, %(missing)s before that day.") % told


def _end(day: dt.date, standing: Standing, names: Mapping[str, str]) -> str:
    told = {
        "day": formats.day(day),
        "tier": names.get(standing.falls_to or "", ""),
    }
    if not told["tier"]:
        return gettext("Your tier ends on %(day)s unless you reach it again.") % told
    return gettext("From %(day)s you will be in %(tier)s unless you reach your tier again.") % told
