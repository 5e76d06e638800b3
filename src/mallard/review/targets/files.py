"""Targets from a file: CSV, read row by row, with a report of what is wrong in which row."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from babel.numbers import get_currency_precision
from django.utils.translation import gettext as _

from mallard.kernel.access.actor import Actor
from mallard.kernel.provenance import Origin
from mallard.review.targets.errors import TargetInvalid
from mallard.review.targets.models import Metric
from mallard.review.targets.rules import MAX_AMOUNT
from mallard.review.targets.services import MAX_BATCH, TargetInput
from mallard.value.checkout.files import decode, delimiter_of
from mallard.world.malls.models import Mall, Store
from mallard.world.malls.queries import covers_mall, malls_in, stores_in
from mallard.world.staff.models import StaffUser

COLUMNS = ("month", "mall", "store", "person", "metric", "amount")
NEEDED = ("month", "mall", "amount")


@dataclass(frozen=True, slots=True)
class ReadTargets:
    """What a file says: targets in order, and (row, sentence) for what is wrong."""

    targets: list[TargetInput]
    problems: list[tuple[int, str]]


class _Known:
    """The places and people that a file may name, by code and e-mail."""

    def __init__(self, actor: Actor) -> None:
        malls = [one for one in malls_in(actor.scope) if covers_mall(actor.scope, one.pk)]
        self.malls: Mapping[str, Mall] = {mall.code: mall for mall in malls}
        stores = stores_in(actor.scope)
        self.stores: Mapping[str, Store] = {store.code: store for store in stores}
        self.people = dict(StaffUser.objects.values_list("email", "id"))


def read_targets(content: bytes, *, actor: Actor) -> ReadTargets:
    """The targets of a file with the columns month, mall, store, person, metric and amount.

    Amounts are in whole currency units with their decimals (`120000` or `120000.50`); a store, a
    person (by e-mail) and a metric may be empty. Raises `UnreadableFile`, and `TargetInvalid` when
    the first row does not name the columns.
    """
    text = decode(content)
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter_of(text))
    header = [name.strip().lower() for name in next(rows, [])]
    missing = [name for name in NEEDED if name not in header]
    if missing:
        sentence = _("The first row must name the columns; %(missing)s is missing.")
        raise TargetInvalid(fields={"file": sentence % {"missing": ", ".join(missing)}})
    known = _Known(actor)
    read = ReadTargets([], [])
    for number, cells in enumerate(rows, start=2):
        if not any(cell.strip() for cell in cells):
            continue
        if len(read.targets) >= MAX_BATCH:
            read.problems.append((number, _("The file is too long; split it.")))
            break
        try:
            read.targets.append(_target(header, cells, known))
        except ValueError as problem:
            read.problems.append((number, str(problem)))
    return read


def _target(header: Sequence[str], cells: Sequence[str], known: _Known) -> TargetInput:
    """A row; raises ValueError with the sentence for its writer."""
    row = {name: cell.strip() for name, cell in zip(header, cells, strict=False)}
    mall = known.malls.get(row.get("mall", ""))
    if mall is None:
        raise ValueError(_("There is no such mall."))
    store = known.stores.get(row.get("store", ""))
    if row.get("store") and (store is None or store.mall_id != mall.pk):
        raise ValueError(_("This store is not in that mall."))
    person = known.people.get(row.get("person", "").lower())
    if row.get("person") and (person is None or store is None):
        raise ValueError(_("There is no such colleague."))
    metric = row.get("metric") or Metric.NET_SALES.value
    if metric not in Metric.values:
        raise ValueError(_("The metric is net_sales or new_members."))
    currency = mall.currency if metric == Metric.NET_SALES else ""
    return TargetInput(
        month=month_of(row.get("month", "")),
        mall_id=mall.pk,
        store_id=store.pk if store else None,
        person_id=person,
        metric=metric,
        amount=amount_of(row.get("amount", ""), currency),
        origin=Origin.IMPORT,
    )


def month_of(text: str) -> dt.date:
    """The month that ``2026-11`` or a day of it names; raises ValueError with a sentence."""
    try:
        return dt.date.fromisoformat(text if len(text) == 10 else f"{text}-01").replace(day=1)
    except ValueError:
        raise ValueError(_("Write the month as year-month, such as 2026-11.")) from None


def amount_of(text: str, currency: str) -> int:
    """Minor units of ``currency``, or a count without one; empty is 0. Raises ValueError."""
    plain = text.replace(",", "").replace("\u00a0", "").strip()
    if not plain:
        return 0
    digits = get_currency_precision(currency) if currency else 0
    try:
        minor = Decimal(plain).scaleb(digits)
    except InvalidOperation:
        minor = Decimal("NaN")
    if not minor.is_finite() or minor != minor.to_integral_value() or not 0 <= minor <= MAX_AMOUNT:
        raise ValueError(_("“%(text)s” is not a positive amount.") % {"text": text[:40]})
    return int(minor)
