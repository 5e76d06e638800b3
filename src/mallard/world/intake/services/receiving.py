"""A file comes in: read, cleared of bank card numbers, kept encrypted."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

import orjson

from mallard.kernel.access.actor import Actor, ActorKind
from mallard.kernel.audit.services import record
from mallard.kernel.database.transactions import atomic_retrying
from mallard.kernel.ids import uuid7
from mallard.kernel.secrets.services import blind_index, create_data_keys
from mallard.kernel.spreadsheets import Row, read_table
from mallard.kernel.workspace.files import sealed
from mallard.world.intake.errors import HeaderMissing, NoRows, PlaceNeeded, TooManyRows
from mallard.world.intake.files import PLACE, header_context, name_context, write_rows
from mallard.world.intake.interpreting import CARD_REMOVED
from mallard.world.intake.models import ImportMode, MemberImport
from mallard.world.intake.permissions import IMPORT_MEMBERS
from mallard.world.intake.services.matching import suggested_mapping
from mallard.world.members.permissions import MERGE_MEMBER
from mallard.world.members.rules import contains_payment_card, normalise_identity

MAX_ROWS = 200_000
_LONG_ENOUGH = 13


@atomic_retrying
def receive_file(
    content: bytes,
    *,
    name: str,
    mode: str = ImportMode.BOTH,
    store_id: UUID | None = None,
    mall_id: UUID | None = None,
    language: str = "zh-hans",
    is_merging: bool = False,
    actor: Actor,
) -> MemberImport:
    """Keep the rows of a file, encrypted, and suggest which column is what.

    ``store_id`` or ``mall_id``: where new members are enrolled whose row does not say;
    ``is_merging``: members whom one row names together become one. Raises
    `TableUnreadable`, `HeaderMissing`, `NoRows`, `TooManyRows`, `PlaceNeeded`.
    """
    actor.require(IMPORT_MEMBERS)
    if is_merging:
        actor.require(MERGE_MEMBER)
    if mode != ImportMode.UPDATE and not actor.scope.is_group and not (store_id or mall_id):
        raise PlaceNeeded(fields={"place": PlaceNeeded.message})
    table = read_table(content)
    if any(_is_somebody(cell) for cell in table.header):
        raise HeaderMissing()
    header = [CARD_REMOVED if _holds_card(cell) else cell for cell in table.header]
    id_ = uuid7()
    key = create_data_keys([id_], actor=actor)[id_]
    try:
        rows_total = write_rows(id_, key, _bounded(_without_cards(table.rows)))
        if not rows_total:
            raise NoRows()
        found = MemberImport.objects.create(
            id=id_,
            actor_id=actor.id if actor.kind is ActorKind.STAFF else None,
            actor_label=actor.label,
            name_sealed=key.seal(name[:200].encode(), name_context(id_)),
            header_sealed=key.seal(orjson.dumps(header), header_context(id_)),
            digest=digest_of(content),
            rows_total=rows_total,
            mapping=suggested_mapping(header),
            mode=mode,
            is_merging=is_merging,
            store_id=store_id,
            mall_id=mall_id,
            language=language,
        )
        record(actor, "intake.file_received", "import", id_, after={"rows": rows_total})
    except BaseException:
        sealed.path_of(id_, PLACE).unlink(missing_ok=True)
        raise
    return found


def digest_of(content: bytes) -> bytes:
    """A keyed fingerprint, to notice that a file was here before."""
    return blind_index("intake.file", content.hex())


def _is_somebody(cell: str) -> bool:
    return any(normalise_identity(kind, cell) for kind in ("phone", "email"))


def _bounded(rows: Iterator[Row]) -> Iterator[Row]:
    for count, row in enumerate(rows, start=1):
        if count > MAX_ROWS:
            raise TooManyRows(limit=MAX_ROWS)
        yield row


def _without_cards(rows: Iterator[Row]) -> Iterator[Row]:
    """Bank card numbers never reach the disk, in no column. The row is refused for them if its
    column is taken in."""
    for row in rows:
        if any(len(cell) >= _LONG_ENOUGH and _holds_card(cell) for cell in row.cells):
            cells = [CARD_REMOVED if _holds_card(cell) else cell for cell in row.cells]
            yield Row(row.number, cells)
        else:
            yield row


def _holds_card(cell: str) -> bool:
    if len(cell) < _LONG_ENOUGH or not contains_payment_card(cell):
        return False
    # A telephone number with its country code, or Alipay's own id, is none.
    is_phone = normalise_identity("phone", cell) is not None
    return not is_phone and not (len(cell) == 16 and cell.startswith("2088"))
