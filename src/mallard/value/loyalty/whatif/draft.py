"""A draft of rules and tiers, as data, and the programme that it would make."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from mallard.kernel import clock
from mallard.value.loyalty.queries import ProgrammeFacts
from mallard.value.loyalty.rules import RuleBook, RuleVersion, Terms, TierLevel
from mallard.value.loyalty.rules.schemes import Scheme, Window, scheme_on

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
class Counting:
    """What counts towards tiers in a draft: the window, its grace, and the qualifying value."""

    window: Window
    grace_days: int
    value_per_minor: int
    value_per_visit: int

    @classmethod
    def of(cls, scheme: Scheme) -> Counting:
        return cls(scheme.window, scheme.grace_days, scheme.value_per_minor, scheme.value_per_visit)

    def applied_to(self, scheme: Scheme) -> Scheme:
        return replace(
            scheme,
            window=self.window,
            grace_days=self.grace_days,
            value_per_minor=self.value_per_minor,
            value_per_visit=self.value_per_visit,
        )

    def to_json(self) -> dict[str, Any]:
        return {
            "window": self.window.value,
            "grace_days": self.grace_days,
            "value_per_minor": self.value_per_minor,
            "value_per_visit": self.value_per_visit,
        }

    @classmethod
    def from_json(cls, found: Mapping[str, Any]) -> Counting:
        return cls(**{**found, "window": Window(found["window"])})


@dataclass(frozen=True, slots=True)
class Draft:
    """What would be otherwise. Nothing in it: everything stays as it was."""

    rules: tuple[DraftRule, ...] = ()
    left_out: tuple[str, ...] = ()
    tiers: tuple[TierLevel, ...] = ()
    counting: Counting | None = None
    expiry_months: int | None = None

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
                    "value": tier.value,
                    "by_invitation": tier.by_invitation,
                }
                for tier in self.tiers
            ],
            "counting": self.counting.to_json() if self.counting else None,
            "expiry_months": self.expiry_months,
        }

    @classmethod
    def from_json(cls, found: Mapping[str, Any], levels: Sequence[TierLevel]) -> Draft:
        """``levels`` are the tiers as they are: a draft changes thresholds, never the ranks. What a
        draft does not say (older ones say less) is as it is."""
        changed = {tier["code"]: tier for tier in found.get("tiers", ())}
        tiers = tuple(
            replace(
                level,
                **{name: value for name, value in changed[level.code].items() if name != "code"},
            )
            if level.code in changed
            else level
            for level in levels
        )
        counting = found.get("counting")
        return cls(
            tuple(DraftRule.from_json(rule) for rule in found.get("rules", ())),
            tuple(found.get("left_out", ())),
            tiers if changed else (),
            Counting.from_json(counting) if counting else None,
            found.get("expiry_months"),
        )

    def programme(self, facts: ProgrammeFacts) -> ProgrammeFacts:
        """The programme as it would be."""
        replaced = {rule.code for rule in self.rules} | set(self.left_out)
        kept = [rule for rule in facts.book.versions if rule.code not in replaced]
        tried = [rule.version() for rule in self.rules]
        schemes = facts.schemes
        if self.tiers or self.counting:
            # The draft's thresholds and window for the whole period; what it leaves is today's.
            today = scheme_on(schemes, clock.now().date())
            scheme = replace(today, starts_on=ALWAYS.date(), levels=self.tiers or today.levels)
            schemes = (self.counting.applied_to(scheme) if self.counting else scheme,)
        return replace(
            facts,
            schemes=schemes,
            book=RuleBook((*kept, *tried)),
            expiry_months=self.expiry_months or facts.expiry_months,
        )
