"""Which rules the lines of a receipt fall under: decided when it is first assessed, and kept."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from mallard.value.loyalty.rules.terms import Birthday
from mallard.value.loyalty.rules.versions import Place, RuleBook, RuleVersion, When, is_time_for


@dataclass(frozen=True, slots=True)
class Goods:
    """A line as earning sees it: ``amount_minor`` is what is left of it after returns, and so is
    what was taken off it (``discount_minor``) and the quantity in thousandths."""

    line_no: int
    amount_minor: int
    category_ids: tuple[UUID, ...]
    is_restricted: bool
    quantity_milli: int = 1_000
    discount_minor: int = 0
    product_id: UUID | None = None


Extra = tuple[RuleVersion, tuple[int, ...]]


@dataclass(slots=True)
class Attribution:
    """Which rule each line falls under, and what may be added to which lines.

    It is decided once, when a receipt is first assessed, and kept: a return is assessed under the
    rules of the sale. Whether an extra counts may still change with the tier of the day.
    """

    base: dict[int, RuleVersion] = field(default_factory=dict)
    extras: list[Extra] = field(default_factory=list)

    def rules(self) -> Iterator[RuleVersion]:
        yield from self.base.values()
        for rule, _lines in self.extras:
            yield rule

    @property
    def is_linked(self) -> bool:
        return any(rule.terms.is_linked for rule in self.rules())

    @property
    def is_for_life(self) -> bool:
        return any(rule.terms.is_for_life for rule in self.rules())

    def budgets(self) -> set[str]:
        return {code for rule in self.rules() for code in budgets_of(rule)}

    def of_member(
        self,
        when: When | None,
        *,
        birthday: tuple[int, int] | None,
        segments: Collection[str],
        is_first: bool,
    ) -> Attribution:
        """Without the extras that are for others; itself where no extra asks who the member is."""
        if not any(rule.terms.asks_who for rule, _lines in self.extras):
            return self
        extras = [
            (rule, lines)
            for rule, lines in self.extras
            if (rule.terms.birthday is None or _is_birthday(rule.terms.birthday, birthday, when))
            and (not rule.terms.segment or rule.terms.segment in segments)
            and (not rule.terms.is_first_purchase or is_first)
        ]
        return Attribution(self.base, extras)


def budgets_of(rule: RuleVersion) -> tuple[str, ...]:
    """The budgets that a rule draws on: a shared one, and its own where its total is limited."""
    own = (own_budget(rule.code),) if rule.terms.total_cap is not None else ()
    return (rule.terms.budget, *own) if rule.terms.budget else own


def own_budget(code: str) -> str:
    """The budget that holds the limit of one rule."""
    return f"rule:{code}"


def attribute(
    goods: Sequence[Goods],
    place: Place,
    at: dt.datetime,
    book: RuleBook,
    when: When | None = None,
    *,
    birthday: tuple[int, int] | None = None,
    segments: Collection[str] = (),
    is_first: bool = False,
) -> Attribution:
    """The rules of each line that may earn. Restricted goods never do.

    ``birthday`` (month, day), the segments the member is in and whether this is the person's
    first purchase count as they are known at the first assessment.
    """
    found = attribute_to_anybody(goods, place, at, book, when)
    return found.of_member(when, birthday=birthday, segments=segments, is_first=is_first)


def attribute_to_anybody(
    goods: Sequence[Goods],
    place: Place,
    at: dt.datetime,
    book: RuleBook,
    when: When | None = None,
) -> Attribution:
    """`attribute` before it is asked who the member is (`Attribution.of_member`): the same for
    all who buy such goods there and then."""
    found = Attribution()
    period = book.period(at)
    extras: dict[RuleVersion, list[int]] = {}
    for line in goods:
        if line.is_restricted:
            continue
        fitting = book.fitting(place, line.category_ids, line.product_id, at, period)
        base = fitting.base(when)
        if base is not None:
            found.base[line.line_no] = base
        for rule in fitting.extras:
            extras.setdefault(rule, []).append(line.line_no)
    for rule, lines in extras.items():
        if is_time_for(rule.terms, when):
            found.extras.append((rule, tuple(lines)))
    return found


def _is_birthday(wanted: Birthday, birthday: tuple[int, int] | None, when: When | None) -> bool:
    """Whether the business day falls on the birthday or in its month. Who was born on 29 February
    has it on the 28th in other years."""
    if birthday is None or when is None:
        return False
    month, day = birthday
    today = when.business_day
    if wanted is Birthday.MONTH:
        return today.month == month
    if (month, day) == (2, 29) and not _has_leap_day(today.year):
        day = 28
    return (today.month, today.day) == (month, day)


def _has_leap_day(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
