"""Imports and their rows as people see them."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from mallard.kernel.secrets.services import open_keys
from mallard.kernel.workspace.files.tables import BYTE_ORDER_MARK, FORMULA_STARTS
from mallard.world.intake import membership
from mallard.world.intake.changes import RowChanges, opened_changes, split_values
from mallard.world.intake.errors import FileGone
from mallard.world.intake.files import header_of, read_rows, rows_with_numbers
from mallard.world.intake.interpreting import CARD_REMOVED
from mallard.world.intake.models import ImportRow, MemberImport, RowAction
from mallard.world.intake.targets import Target, targets
from mallard.world.intake.wording import sentences
from mallard.world.members.fields import active_fields, shown
from mallard.world.members.models import CustomField, Tag
from mallard.world.members.profile import GENDERS
from mallard.world.members.rules import mask_identity

SAMPLE_ROWS = 3
_CHUNK = 2_000


def clean_cell(cell: str) -> str:
    """A cell of the kept file for a reader."""
    return cell.replace(CARD_REMOVED, _("[bank card number removed]"))


def samples(member_import: MemberImport) -> list[list[str]]:
    """The first cells of each column that hold something; none when the file is gone."""
    try:
        rows = [row.cells for row in islice(read_rows(member_import), 50)]
    except FileGone:
        return []
    width = len(member_import.mapping)
    return [
        [clean_cell(row[index])[:60] for row in rows if row[index]][:SAMPLE_ROWS]
        for index in range(width)
    ]


def told_changes(
    changes: RowChanges,
    known: Mapping[str, Target],
    fields: Mapping[str, CustomField],
    places: Mapping[str, str],
) -> list[tuple[str, str, str]]:
    """(what, old, new) of a row that changes a known member, in the reader's words."""
    found = []
    for name, (old, new) in changes.values.items():
        if name.startswith("merge."):
            found.append((_("Merged into"), name.removeprefix("merge."), new))
            continue
        label = str(known[name].label) if name in known else name
        if name.startswith("custom."):
            field = fields.get(name.removeprefix("custom."))
            old, new = _told_custom(field, old), _told_custom(field, new)
        elif name in membership.NAMES:
            old, new = (membership.told(name, value, places) for value in (old, new))
        found.append((label, _told(name, old), _told(name, new)))
    return found


def _told_custom(field: CustomField | None, joined: str) -> str:
    if field is None or not joined:
        return joined
    return shown(field, split_values(field, joined))


def _told(name: str, value: str) -> str:
    family, _dot, code = name.partition(".")
    if family == "consent":
        return {"granted": _("Allowed"), "refused": _("Refused")}.get(value, "")
    if family == "identity":
        return mask_identity(code, value) if value else ""
    if name == "profile.gender":
        return str(GENDERS.get(value, value))
    if family == "tags":
        names = {tag.code: tag.name for tag in Tag.objects.filter(code__in=value.split(", "))}
        return ", ".join(str(names.get(code, code)) for code in value.split(", ") if code)
    return value


class ShownRows(QuerySet[ImportRow]):
    """Rows that carry what a page shows of them: ``cells``, ``told``, ``changes``."""

    member_import: MemberImport

    @classmethod
    def of(cls, rows: QuerySet[ImportRow], member_import: MemberImport) -> ShownRows:
        shown = cls(model=rows.model, query=rows.query.chain())
        shown.member_import = member_import
        return shown

    def _clone(self) -> ShownRows:
        clone: ShownRows = super()._clone()  # type: ignore[misc]
        clone.member_import = self.member_import
        return clone

    def _fetch_all(self) -> None:
        is_fresh = self._result_cache is None
        super()._fetch_all()
        rows = self._result_cache
        if is_fresh and rows and isinstance(rows[0], ImportRow):
            dress(rows, self.member_import)


def dress(rows: Sequence[ImportRow], member_import: MemberImport) -> None:
    """Give rows what is shown of them; a fixed number of queries."""
    cells = rows_with_numbers(member_import, [row.number for row in rows])
    keys = open_keys([row.member_id for row in rows if row.member_id])
    known, fields = targets(), {field.code: field for field in active_fields()}
    changes = {
        row.pk: opened_changes(row, keys.get(row.member_id) if row.member_id else None)
        for row in rows
    }
    places = membership.place_names([one.values for one in changes.values()])
    for row in rows:
        extra: Any = row
        extra.cells = [clean_cell(cell) for cell in cells.get(row.number, ())]
        extra.told = sentences(row.problems, known)
        extra.changes = told_changes(changes[row.pk], known, fields, places)


def result_lines(member_import: MemberImport) -> Iterator[bytes]:
    """The result file: what became of each row, why, and the row itself while it is kept."""
    header = [clean_cell(cell) for cell in header_of(member_import)]
    buffer = io.StringIO()
    writer = csv.writer(buffer)

    def line(cells: Sequence[str]) -> bytes:
        writer.writerow([f"'{c}" if c.startswith(FORMULA_STARTS) else c for c in cells])
        text = buffer.getvalue()
        buffer.seek(0)
        buffer.truncate()
        return text.encode()

    yield BYTE_ORDER_MARK
    yield line([_("Row"), _("What became of it"), _("What is wrong"), _("Member"), *header])
    known = targets()
    stored = iter(
        member_import.rows.select_related("member").order_by("number").iterator(chunk_size=_CHUNK)
    )
    try:
        kept = iter(read_rows(member_import)) if header else iter(())
    except FileGone:
        kept = iter(())
    while chunk := list(islice(stored, _CHUNK)):
        for row in chunk:
            cells = next(kept, None)
            yield line(
                [
                    str(row.number),
                    _("Undone") if row.is_undone else str(RowAction(row.action).label),
                    " ".join(sentences(row.problems, known)),
                    row.member.number if row.member else "",
                    *([clean_cell(c) for c in cells.cells] if cells else []),
                ]
            )
