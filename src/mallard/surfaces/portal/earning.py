"""Why a receipt earned what it earned, told to the member. Who bears the cost is not theirs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext

from mallard.kernel.money import Money
from mallard.kernel.ui import formats
from mallard.value.loyalty.queries import latest_assessments, names_of_rules, tier_names
from mallard.value.loyalty.reasons import Reason
from mallard.value.sales.models import Receipt


@dataclass(frozen=True, slots=True)
class Step:
    """A rule that counted: its name, its arithmetic in words, its points."""

    name: str
    words: str
    points: int


@dataclass(frozen=True, slots=True)
class Earning:
    """What a receipt earns now. ``reason`` is a sentence when it earns nothing."""

    points: int
    reason: Any
    steps: tuple[Step, ...]
    bonus_points: int
    tier: str
    is_revised: bool


def earning_of(receipt: Receipt) -> Earning | None:
    """The latest word on the receipt's points; None while it was not looked at."""
    facts = latest_assessments([receipt.pk]).get(receipt.pk)
    if facts is None:
        return None
    rules = names_of_rules((code, version) for code, version, *_rest in facts.explanation)
    steps = []
    for code, version, _lines, amount, points, *_rest in facts.explanation:
        rule = rules.get((code, version))
        if rule is None or not amount:
            continue
        words = gettext("%(points)s for every %(amount)s, on %(spent)s") % {
            "points": formats.points(rule.points),
            "amount": formats.money(Money(rule.per_minor, receipt.currency)),
            "spent": formats.money(Money(amount, receipt.currency)),
        }
        steps.append(Step(rule.name, words, points))
    tier = tier_names().get(facts.tier_code, "") if facts.tier_code else ""
    return Earning(
        facts.points,
        "" if facts.reason == Reason.EARNED else Reason(facts.reason).label,
        tuple(steps),
        facts.bonus_points,
        tier,
        facts.revision > 1,
    )
