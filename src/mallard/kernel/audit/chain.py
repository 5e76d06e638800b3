"""The hash chain over the audit log.

A job seals what was written since the last seal: entries in the order (transaction, id), only
below the oldest transaction still running, so an entry that commits late is in a later block and
never missed. Each block's digest covers the previous digest and every column of every entry.

A chain proves order and content up to its head. Somebody who can rewrite the whole table could
rewrite the chain with it: so print the head (`mallard audit head`) and keep it elsewhere, and
verify against it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from uuid import UUID

from django.db import connection, transaction

from mallard.kernel import clock
from mallard.kernel.audit.models import Seal

BLOCK_ENTRIES = 5000
GENESIS = bytes(32)
_NO_ID = UUID(int=0)
_LOCK = 0x61756469  # "audi"

# Every column, in one spelling per type. jsonb and timestamptz have a canonical text in UTC.
_CANONICAL = """
SELECT transaction_id::text, id, jsonb_build_array(
    transaction_id::text, id, extract(epoch FROM recorded_at)::text, action, subject_type,
    subject_id, ids, before, after, personal_of, encode(sealed, 'hex'), actor_kind, actor_id,
    actor_label, request_id, address)::text
FROM audit_entry
"""


@dataclass(frozen=True, slots=True)
class ChainReport:
    """What `verify_chain` found. ``faults`` name the first block at fault and why; empty is good.

    ``head`` is the last digest, in hexadecimal.
    """

    seals: int
    entries: int
    head: str
    faults: list[str] = field(default_factory=list)

    @property
    def is_intact(self) -> bool:
        return not self.faults


@transaction.atomic
def seal_next(*, limit: int = BLOCK_ENTRIES) -> int:
    """Seal the next block of at most ``limit`` entries; how many it holds (0: nothing waits)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_LOCK])
        if not cursor.fetchone()[0]:
            return 0
        last = Seal.objects.order_by("-number").first()
        cursor.execute(
            _CANONICAL + " WHERE (transaction_id, id) > (%s::text::xid8, %s)"
            " AND transaction_id < pg_snapshot_xmin(pg_current_snapshot())"
            " ORDER BY transaction_id, id LIMIT %s",
            [
                str(last.up_to_transaction if last else 0),
                last.up_to_id if last else _NO_ID,
                limit,
            ],
        )
        rows = cursor.fetchall()
    if not rows:
        return 0
    previous = bytes(last.digest) if last else GENESIS
    Seal.objects.create(
        number=last.number + 1 if last else 1,
        up_to_transaction=int(rows[-1][0]),
        up_to_id=rows[-1][1],
        entries=len(rows),
        previous=previous,
        digest=digest_of(previous, (text for _xid, _id, text in rows)),
        sealed_at=clock.now(),
    )
    return len(rows)


def digest_of(previous: bytes, entries: Iterator[str]) -> bytes:
    """SHA-256 over the previous digest and each entry's length and text."""
    digest = hashlib.sha256(previous)
    for text in entries:
        raw = text.encode()
        digest.update(len(raw).to_bytes(8, "big"))
        digest.update(raw)
    return digest.digest()


def verify_chain(*, expected_head: str | None = None) -> ChainReport:
    """Recompute every block from the entries.

    Finds an entry that was changed, deleted or slipped in behind the last seal, and a seal that
    was changed or removed from the middle. ``expected_head``, a digest noted earlier, also finds
    seals cut off the end.
    """
    previous, number, entries = GENESIS, 0, 0
    after: tuple[int, UUID] = (0, _NO_ID)
    heads = {GENESIS.hex()}
    faults: list[str] = []
    for seal in Seal.objects.order_by("number").iterator(chunk_size=500):
        number += 1
        if seal.number != number or bytes(seal.previous) != previous:
            faults.append(f"seal {number}: a seal before {seal.number} is missing or changed")
            break
        up_to = (seal.up_to_transaction, seal.up_to_id)
        texts = _entries_between(after, up_to)
        if len(texts) != seal.entries:
            faults.append(f"seal {number}: {len(texts)} entries, {seal.entries} were sealed")
            break
        if digest_of(previous, iter(texts)) != bytes(seal.digest):
            faults.append(f"seal {number}: an entry or the seal was changed")
            break
        previous, after = bytes(seal.digest), up_to
        heads.add(previous.hex())
        entries += len(texts)
    if expected_head is not None and not faults and expected_head not in heads:
        faults.append("the expected head is not in the chain: seals were removed at its end")
    return ChainReport(number, entries, previous.hex(), faults)


def _entries_between(after: tuple[int, UUID], up_to: tuple[int, UUID]) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            _CANONICAL + " WHERE (transaction_id, id) > (%s::text::xid8, %s)"
            " AND (transaction_id, id) <= (%s::text::xid8, %s)"
            " ORDER BY transaction_id, id",
            [str(after[0]), after[1], str(up_to[0]), up_to[1]],
        )
        return [text for _xid, _id, text in cursor.fetchall()]
