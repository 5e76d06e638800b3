"""How pages call what a migration counts."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from django.utils.translation import gettext as _

from mallard.kernel.ui import formats
from mallard.kernel.ui.parts import Badge, Tone
from mallard.value.loyalty.models import Tier
from mallard.value.migration.errors import SpentFrom
from mallard.value.migration.models import WHOLE, Measure, Migration, Status
from mallard.value.migration.queries import Figure
from mallard.value.migration.services.posting import OWNER_GONE
from mallard.value.migration.services.preparing import OWNERS

_TONES: dict[str, Tone] = {
    Status.DRAFT: "neutral",
    Status.POSTING: "info",
    Status.POSTED: "warning",
    Status.SIGNED: "success",
    Status.RETURNING: "info",
    Status.RETURNED: "neutral",
}


def state(row: Migration) -> Badge:
    """Where it stands, as a badge."""
    return Badge(row.get_status_display(), _TONES[row.status])


class Names:
    """What control totals are called in the reader's language: malls, tenants, brands and tiers by
    name, months in words. What is not known here is what it is."""

    def __init__(self) -> None:
        self._owners: dict[tuple[str, str], str] | None = None
        self._tiers: dict[str, str] | None = None

    def key(self, measure: str, key: str) -> str:
        """The funder, month or tier of a line; empty for the whole."""
        if measure in WHOLE:
            return ""
        if not key:
            return _("Never expire") if measure == Measure.MONTH else _("Unknown")
        if measure == Measure.MONTH:
            return _month(key)
        if measure == Measure.TIER:
            return self._tier(key)
        return self._funder(key)

    def line(self, measure: str, key: str) -> str:
        """A line with what it counts."""
        label, name = str(Measure(measure).label), self.key(measure, key)
        return _("%(measure)s: %(key)s") % {"measure": label, "key": name} if name else label

    def _funder(self, key: str) -> str:
        if self._owners is None:
            self._owners = {
                (kind.value, row.code): row.name
                for kind, model in OWNERS
                for row in model._default_manager.all()
            }
        kind, _colon, code = key.partition(":")
        return self._owners.get((kind, code), key)

    def _tier(self, code: str) -> str:
        if self._tiers is None:
            self._tiers = {tier.code: tier.name for tier in Tier.objects.all()}
        return self._tiers.get(code, code)


def _month(key: str) -> str:
    try:
        return formats.month(dt.date.fromisoformat(f"{key}-01"))
    except ValueError:
        return key


@dataclass(frozen=True, slots=True)
class Group:
    """The lines of one measure; ``title`` is empty for those that are one line each."""

    title: str
    rows: list[tuple[str, Figure]]


def groups(lines: Sequence[Figure]) -> list[Group]:
    """Control totals as the page tells them: each measure once, its lines below it."""
    names = Names()
    found: list[Group] = []
    for measure, of_measure in groupby(lines, key=lambda line: line.measure):
        label = str(Measure(measure).label)
        rows = [(names.key(measure, line.key), line) for line in of_measure]
        is_whole = measure in WHOLE
        found.append(
            Group("", [(label, line) for _name, line in rows]) if is_whole else Group(label, rows)
        )
    return found


def problem(row: Migration) -> str:
    """Why it came to a stop, in a sentence."""
    return {
        OWNER_GONE: _("Who started this has left. Start it again: it goes on where it stopped."),
        SpentFrom.code: _("It was not taken back: points were used or held meanwhile."),
    }.get(row.problem, row.problem)


def csv_of(lines: Sequence[Figure]) -> str:
    """The control totals as a table; with a mark, so that Excel reads it as UTF-8."""
    out = io.StringIO()
    writer, names = csv.writer(out), Names()
    writer.writerow(
        [_("Control total"), _("Former system"), _("Files"), _("Ledger"), _("Difference"),
         _("Explanation")]
    )  # fmt: skip
    for line in lines:
        texts = [names.line(line.measure, line.key), line.explanation]
        # A text that begins like a formula would be one in a spreadsheet.
        name, why = ("'" + text if text[:1] in "=+-@" and text else text for text in texts)
        writer.writerow([name, line.expected, line.file, line.ledger, line.difference, why])
    return "\ufeff" + out.getvalue()
