"""How pages call what a migration counts."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

from django.utils.translation import gettext as _

from mallard.kernel.ui.parts import Badge, Tone
from mallard.value.ledger.models import FunderKind
from mallard.value.migration.errors import SpentFrom
from mallard.value.migration.models import Measure, Migration, Status
from mallard.value.migration.queries import Figure
from mallard.value.migration.services.posting import OWNER_GONE

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


def line_name(measure: str, key: str) -> str:
    """What a control total is called."""
    label = str(Measure(measure).label)
    if measure in (Measure.MEMBERS, Measure.POINTS):
        return label
    if not key:
        key = _("never expire") if measure == Measure.MONTH else _("unknown")
    return _("%(measure)s: %(key)s") % {"measure": label, "key": _funder(key)}


def _funder(key: str) -> str:
    """Who pays, read from ``mall:ES``; any other key is what it is."""
    kind, colon, code = key.partition(":")
    if not colon or kind not in FunderKind.values:
        return key
    return f"{FunderKind(kind).label} {code}"


def problem(row: Migration) -> str:
    """Why it came to a stop, in a sentence."""
    return {
        OWNER_GONE: _("Who started this has left. Start it again: it goes on where it stopped."),
        SpentFrom.code: _("It was not taken back: points were used or held meanwhile."),
    }.get(row.problem, row.problem)


def csv_of(lines: Sequence[Figure]) -> str:
    """The control totals as a table; with a mark, so that Excel reads it as UTF-8."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(
        [_("Control total"), _("Former system"), _("Files"), _("Ledger"), _("Difference"),
         _("Explanation")]
    )  # fmt: skip
    for line in lines:
        texts = [line_name(line.measure, line.key), line.explanation]
        # A text that begins like a formula would be one in a spreadsheet.
        name, why = ("'" + text if text[:1] in "=+-@" and text else text for text in texts)
        writer.writerow([name, line.expected, line.file, line.ledger, line.difference, why])
    return "\ufeff" + out.getvalue()
