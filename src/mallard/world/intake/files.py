"""The kept file of an import: its rows as JSON lines, encrypted under the import's own key."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from uuid import UUID

import orjson

from mallard.kernel.secrets.services import DataKey, open_keys
from mallard.kernel.spreadsheets import Row
from mallard.kernel.workspace.files import sealed
from mallard.world.intake.errors import FileGone
from mallard.world.intake.models import MemberImport

PLACE = "imports"


def name_context(import_id: UUID) -> str:
    return f"intake.import.name:{import_id}"


def header_context(import_id: UUID) -> str:
    return f"intake.import.header:{import_id}"


def write_rows(import_id: UUID, key: DataKey, rows: Iterator[Row]) -> int:
    """Keep ``rows``, encrypted; how many there were."""
    count = 0
    with sealed.SealedWriter(import_id, key, place=PLACE) as target:
        for row in rows:
            target.write(orjson.dumps([row.number, row.cells]) + b"\n")
            count += 1
    return count


def key_of(member_import: MemberImport) -> DataKey:
    """The key of the file. Raises `FileGone`."""
    key = open_keys([member_import.id]).get(member_import.id)
    if key is None or not sealed.path_of(member_import.id, PLACE).exists():
        raise FileGone()
    return key


def read_rows(member_import: MemberImport) -> Iterator[Row]:
    """The rows of the kept file, in order. Raises `FileGone`."""
    for line in _lines(member_import.id, key_of(member_import)):
        number, cells = orjson.loads(line)
        yield Row(number, cells)


def _lines(import_id: UUID, key: DataKey) -> Iterator[bytes]:
    rest = b""
    for piece in sealed.opened(import_id, key, place=PLACE):
        *whole, rest = (rest + piece).split(b"\n")
        yield from whole
    if rest:
        yield rest


def rows_with_numbers(member_import: MemberImport, numbers: Sequence[int]) -> dict[int, list[str]]:
    """The cells of some rows by row number; empty when the file is gone."""
    wanted = set(numbers)
    if not wanted:
        return {}
    last = max(wanted)
    found: dict[int, list[str]] = {}
    try:
        for row in read_rows(member_import):
            if row.number in wanted:
                found[row.number] = row.cells
            if row.number >= last:
                break
    except FileGone:
        return {}
    return found


def header_of(member_import: MemberImport) -> list[str]:
    """The headings; empty when the file is gone."""
    key = open_keys([member_import.id]).get(member_import.id)
    if key is None or member_import.header_sealed is None:
        return []
    sealed_header = bytes(member_import.header_sealed)
    header: list[str] = orjson.loads(key.open(sealed_header, header_context(member_import.id)))
    return header


def names_of(imports: Sequence[MemberImport]) -> dict[UUID, str]:
    """The files' names, where the file is still there; one query."""
    keys = open_keys([each.id for each in imports if each.name_sealed is not None])
    return {
        each.id: keys[each.id].open(bytes(each.name_sealed), name_context(each.id)).decode()
        for each in imports
        if each.name_sealed is not None and each.id in keys
    }
