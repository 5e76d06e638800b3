"""Members named by a file: read, found by the headings that imports know, put on a list, forgotten.

Nothing of the file is kept; what could not be found is told by row number.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from uuid import UUID

from mallard.kernel.access.actor import Actor
from mallard.kernel.clock import now
from mallard.kernel.spreadsheets import Row, read_table
from mallard.world.intake.interpreting import Said, interpret
from mallard.world.intake.services.matching import suggested_mapping
from mallard.world.intake.targets import targets
from mallard.world.lists.errors import FileUnsuitable
from mallard.world.lists.models import ChangeSource
from mallard.world.lists.services import add_members
from mallard.world.members.queries import find_by_identities, visible_members

MAX_ROWS = 20_000
TOLD = 100
"""So many row numbers of each kind are told."""


@dataclass(slots=True)
class FileResult:
    """What became of the rows: members put on, there already, and the rows that name nobody whom
    one may know of, several members, or nothing that can be read."""

    added: int = 0
    known: int = 0
    unknown: list[int] = field(default_factory=list)
    several: list[int] = field(default_factory=list)
    unreadable: list[int] = field(default_factory=list)


def add_from_file(list_id: UUID, content: bytes, *, actor: Actor) -> FileResult:
    """Put the members whom a file names on a list. Columns that do not say who somebody is are
    passed over.

    Raises `TableUnreadable`, `FileUnsuitable`, and what `services.add_members` raises.
    """
    table = read_table(content)
    finders = {target.code for target in targets().values() if target.is_finder}
    mapping = [code if code in finders else "" for code in suggested_mapping(table.header)]
    if not any(mapping):
        raise FileUnsuitable(fields={"file": FileUnsuitable.no_finder})
    today = now().date()
    rows = [interpret(row.number, row.cells, mapping, today=today) for row in _few(table.rows)]
    result = FileResult(unreadable=[said.number for said in rows if said.problems])
    ids = _found([said for said in rows if not said.problems], result, actor)
    added = add_members(list_id, ids, source=ChangeSource.FILE, actor=actor) if ids else []
    result.added, result.known = len(added), len(ids) - len(added)
    return result


def _few(rows: Iterator[Row]) -> Iterator[Row]:
    for count, row in enumerate(rows, start=1):
        if count > MAX_ROWS:
            sentence = str(FileUnsuitable.too_many) % {"limit": MAX_ROWS}
            raise FileUnsuitable(fields={"file": sentence})
        yield row


def _found(rows: list[Said], result: FileResult, actor: Actor) -> set[UUID]:
    found = find_by_identities([ref for said in rows for ref in said.refs])
    matched = {
        said.number: {found[ref].survivor_id for ref in said.refs if ref in found} for said in rows
    }
    wanted = {id_ for ids in matched.values() for id_ in ids}
    visible = set(visible_members(actor).filter(pk__in=wanted).values_list("pk", flat=True))
    ids: set[UUID] = set()
    for number, theirs in matched.items():
        theirs &= visible
        if len(theirs) == 1:
            ids |= theirs
        else:
            (result.several if theirs else result.unknown).append(number)
    return ids
