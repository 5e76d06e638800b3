"""A draft of rules and tiers, as data, and the programme that it would make."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from mallard.kernel import clock
from mallard.value.loyalty.queries import ProgrammeFacts
from mallard.value.loyalty.rules import RuleBook, RuleVersion, Terms, TierLevel
from mallard.value.loyalty.rules.schemes import scheme_on

ALWAYS = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


@dataclass(frozen=True, slots=True)
class DraftRule:
    """A rule that is only tried; for the whole period, in place of the rule of the same code."""

    code: str
    name_en: str
    name_zh: str
    points: int
    per_minor: int
    tenant_share_bp: int
    terms: Terms

    def to_json(self) -> dict[str, Any]:
        return {
            "code": self.code,
            "name_en": self.name_en,
            "name_zh": self.name_zh,
            "points": self.points,
            "per_minor": self.per_minor,
            "tenant_share_bp": self.tenant_share_bp,
            "terms": self.terms.to_json(),
        }

    @classmethod
    def from_json(cls, found: Mapping[str, Any]) -> DraftRule:
        return cls(**{**found, "terms": Terms.from_json(found["terms"])})

    def version(self) -> RuleVersion:
        return RuleVersion(
            self.code, 0, ALWAYS, None, None, None, None, self.points, self.per_minor,
            self.tenant_share_bp, self.terms,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Draft:
    """What would be otherwise. Nothing in it: everything stays as it was."""

    rules: tuple[DraftRule, ...] = ()
    left_out: tuple[str, ...] = ()
    tiers: tuple[TierLevel, ...] = ()

    def to_json(self) -> dict[str, Any]:
        return {
            "rules": [rule.to_json() for rule in self.rules],
            "left_out": list(self.left_out),
            "tiers": [
                {
                    "code": tier.code,
                    "spend_minor": tier.spend_minor,
                    "visits": tier.visits,
                    "bonus_bp": tier.bonus_bp,
                }
                for tier in self.tiers
            ],
        }

    @classmethod
    def from_json(cls, found: Mapping[str, Any], levels: Sequence[TierLevel]) -> Draft:
        """``levels`` are the tiers as they are: a draft changes thresholds, never the ranks."""
        changed = {tier["code"]: tier for tier in found.get("tiers", ())}
        tiers = tuple(
            replace(
                level,
                spend_minor=changed[level.code]["spend_minor"],
                visits=changed[level.code]["visits"],
                bonus_bp=changed[level.code]["bonus_bp"],
            )
            if level.code in changed
            else level
            for level in levels
        )
        return cls(
            tuple(DraftRule.from_json(rule) for rule in found.get("rules", ())),
            tuple(found.get("left_out", ())),
            tiers if changed else (),
        )

    def programme(self, facts: ProgrammeFacts) -> ProgrammeFacts:
        """The programme as it would be."""
        replaced = {rule.code for rule in self.rules} | set(self.left_out)
        kept = [rule for rule in facts.book.versions if rule.code not in replaced]
        tried = [rule.version() for rule in self.rules]
        schemes = facts.schemes
        if self.tiers:
            # The thresholds of the draft, for the whole period, over the windows of today.
            today = scheme_on(schemes, clock.now().date())
            schemes = (replace(today, starts_on=ALWAYS.date(), levels=self.tiers),)
        return replace(facts, schemes=schemes, book=RuleBook((*kept, *tried)))
