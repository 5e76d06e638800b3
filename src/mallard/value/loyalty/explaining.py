"""A receipt explains itself: 120 = 80 base + 40 gold double on Sundays."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext, pgettext

from mallard.kernel.money import Money
from mallard.kernel.ui import formats
from mallard.value.loyalty.models import EarningRule
from mallard.value.loyalty.queries import (
    AssessmentFacts,
    Step,
    names_of_rules,
    tier_names,
    version_of,
)
from mallard.value.loyalty.reasons import Reason
from mallard.value.loyalty.rules import BASIS_POINTS, Kind, RuleVersion

RuleKey = tuple[str, int]


@dataclass(frozen=True, slots=True)
class ExplainedStep:
    """What one rule gave: its name in the reader's language, and the rule itself."""

    name: str
    step: Step
    rule: RuleVersion

    @property
    def is_base(self) -> bool:
        return self.rule.terms.kind in (Kind.AMOUNT, Kind.UNIT)


@dataclass(frozen=True, slots=True)
class Explained:
    """An assessment in the reader's language. ``steps`` leave out what gave and wanted nothing."""

    summary: str
    steps: tuple[ExplainedStep, ...]
    tier: str


@dataclass(frozen=True, slots=True)
class Glossary:
    """The names that explanations need, read once for many of them."""

    rules: Mapping[RuleKey, EarningRule]
    tiers: Mapping[str, str]


def glossary(assessments: Collection[AssessmentFacts]) -> Glossary:
    """At most two statements, however many assessments there are."""
    keys = {(step.code, step.version) for one in assessments for step in one.steps}
    return Glossary(names_of_rules(keys), tier_names() if assessments else {})


def explain(facts: AssessmentFacts, words: Glossary) -> Explained:
    """Why a receipt earns what it earns."""
    steps = tuple(
        ExplainedStep(row.name, step, version_of(row))
        for step in facts.steps
        if (step.points or step.wanted or step.amount_minor)
        and (row := words.rules.get((step.code, step.version))) is not None
    )
    tier = words.tiers.get(facts.tier_code or "", "")
    return Explained(_summary(facts, steps, tier), steps, tier)


def _summary(facts: AssessmentFacts, steps: tuple[ExplainedStep, ...], tier: str) -> str:
    if not facts.points:
        return str(Reason(facts.reason).label)
    base = sum(one.step.points for one in steps if one.is_base)
    parts = [_part(base, pgettext("points", "base"))] if base else []
    parts += [
        _part(one.step.points, one.name) for one in steps if one.step.points and not one.is_base
    ]
    if facts.bonus_points:
        parts.append(_part(facts.bonus_points, gettext("%(tier)s bonus") % {"tier": tier}))
    total = formats.number(facts.points)
    return gettext("%(total)s = %(parts)s") % {"total": total, "parts": " + ".join(parts)}


def _part(points: int, name: str) -> str:
    # Translators: one term of a sum that explains a receipt, e.g. "80 base" or "基础 80"
    text = pgettext("term of a sum", "%(points)s %(name)s")
    return text % {"points": formats.number(points), "name": name}


def how(one: ExplainedStep, currency: str) -> str:
    """How a step comes about, e.g. "1 point for every ¥1.00, on ¥80.00"."""
    terms = one.rule.terms
    if terms.kind is Kind.AMOUNT:
        text = gettext("%(points)s for every %(amount)s, on %(spent)s")
        return text % {
            "points": formats.points(one.rule.points),
            "amount": formats.money(Money(one.rule.per_minor, currency)),
            "spent": formats.money(Money(one.step.amount_minor, currency)),
        }
    if terms.kind is Kind.MULTIPLIER:
        factor = (Decimal(terms.factor_bp) / BASIS_POINTS).normalize()
        text = gettext("%(factor)s times, on %(points)s")
        return text % {
            "factor": formats.number(factor),
            "points": formats.points(one.step.amount_minor),
        }
    if terms.kind is Kind.UNIT:
        return gettext("by the piece")
    return gettext("a fixed number")
