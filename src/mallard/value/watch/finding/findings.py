"""What a pattern found, before it becomes an alert; and the time over which one looks."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from uuid import UUID

from mallard.value.watch.models import FactKind
from mallard.value.watch.rules import Verdict

STEP = dt.timedelta(days=7)
"""Windows of weeks end with each week, counted back from the end of the period."""


@dataclass(frozen=True, slots=True)
class Period:
    """From ``since`` until before ``until``."""

    since: dt.datetime
    until: dt.datetime

    def ends(self) -> list[dt.datetime]:
        """When windows of weeks end: at ``until`` and each week before, as far as ``since``."""
        ends: list[dt.datetime] = []
        end = self.until
        while end > self.since or not ends:
            ends.append(end)
            end -= STEP
        return ends


@dataclass(frozen=True, slots=True)
class Subject:
    """Whom a finding is about. Two findings of a pattern about the same are one alert."""

    member_id: UUID | None = None
    staff_id: UUID | None = None
    till_id: UUID | None = None
    store_id: UUID | None = None
    mall_id: UUID | None = None

    def key(self, pattern: str) -> str:
        """What makes it one alert; the hexadecimal ids of five fit its column."""
        parts = (self.member_id, self.staff_id, self.till_id, self.store_id, self.mall_id)
        return ":".join([pattern, *(part.hex if part else "-" for part in parts)])


@dataclass(frozen=True, slots=True)
class Fact:
    """A row of evidence. ``mall_id`` is where it happened, as far as it happened somewhere."""

    kind: FactKind
    id: UUID
    occurred_at: dt.datetime
    store_id: UUID | None = None
    mall_id: UUID | None = None
    amount_minor: int = 0
    currency: str = ""
    points: int = 0


@dataclass(frozen=True, slots=True)
class Finding:
    """``least`` is how many facts of the kinds ``counted`` the pattern needs: what is left after
    those of decided alerts must still be so many."""

    pattern: str
    subject: Subject
    verdict: Verdict
    facts: tuple[Fact, ...]
    least: int
    counted: frozenset[FactKind] = frozenset({FactKind.RECEIPT})

    @property
    def key(self) -> str:
        return self.subject.key(self.pattern)


def merged(findings: Iterable[Finding]) -> Iterator[Finding]:
    """Findings about the same in several windows as one: all facts, the strongest verdict."""
    by_key: dict[str, list[Finding]] = {}
    for finding in findings:
        by_key.setdefault(finding.key, []).append(finding)
    for same in by_key.values():
        strongest = max(same, key=lambda one: (one.verdict.score, len(one.facts)))
        facts = {(fact.kind, fact.id): fact for one in same for fact in one.facts}
        ordered = sorted(facts.values(), key=lambda fact: (fact.occurred_at, fact.id))
        yield replace(strongest, facts=tuple(ordered))
