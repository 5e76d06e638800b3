"""Every write of keys, and opening them."""

from __future__ import annotations

import hmac
from collections.abc import Callable, Collection, Iterable
from pathlib import Path
from uuid import UUID

from django.db import connection, transaction

from mallard.kernel import clock
from mallard.kernel.access.actor import Actor
from mallard.kernel.database.bulk import insert_unnest
from mallard.kernel.database.transactions import atomic_retrying
from mallard.kernel.environment import environment
from mallard.kernel.secrets import register, ring
from mallard.kernel.secrets.datakey import DataKey, new_key_material, opened, unwrap, wrap
from mallard.kernel.secrets.errors import AlreadyErased, RingMismatch, RingMissing
from mallard.kernel.secrets.masking import mask_email, mask_name, mask_phone, mask_text
from mallard.kernel.secrets.models import Erasure, RingMark, WrappedKey
from mallard.kernel.secrets.ring import KeyRing

__all__ = [
    "DataKey",
    "blind_index",
    "create_data_keys",
    "destroy_data_key",
    "destroy_data_keys",
    "discard_data_keys",
    "mask_email",
    "mask_name",
    "mask_phone",
    "mask_text",
    "open_keys",
    "rewrap_batch",
    "rotate_ring",
]

REWRAP_BATCH = 1000

# Which rings this process has compared with the database's mark: (path, fingerprint).
_compared: set[tuple[Path, str]] = set()


def key_ring() -> KeyRing:
    """The key ring. Made at first use, but only while the database holds no data key yet.

    Raises `RingMissing`, `RingExposed`, `RingInvalid`, `RingMismatch`.
    """
    path = environment().key_ring_path
    found = ring.read(path)
    if found is None:
        if WrappedKey.objects.exists() or RingMark.objects.exists():
            raise RingMissing(path=path)
        found = ring.write_new(path, ring.new_ring())
    seen = (path, found.fingerprint)
    if seen not in _compared:
        mark = RingMark.objects.first()
        if mark is not None and mark.fingerprint != found.fingerprint:
            raise RingMismatch(path=path)
        if mark is not None:
            _compared.add(seen)
    return found


@atomic_retrying
def create_data_keys(subject_ids: Iterable[UUID], *, actor: Actor) -> dict[UUID, DataKey]:
    """Make a data key for each subject and return them opened; one INSERT for the whole batch.

    A subject that has one keeps it. Raises `AlreadyErased` when one of them is in the register
    of erasures: an erased id is never used again.
    """
    wanted = list(dict.fromkeys(subject_ids))
    if not wanted:
        return {}
    keys = key_ring()
    if Erasure.objects.filter(pk__in=wanted).exists():
        raise AlreadyErased()
    _leave_mark(keys)
    fresh = {subject_id: new_key_material() for subject_id in wanted}
    now = clock.now()
    made = insert_unnest(
        WrappedKey._meta.db_table,
        [
            ("subject_id", "uuid"),
            ("wrapped", "bytea"),
            ("ring_version", "integer"),
            ("created_at", "timestamptz"),
        ],
        [(id_, wrap(keys, id_, material), keys.active, now) for id_, material in fresh.items()],
        on_conflict="ON CONFLICT (subject_id) DO NOTHING",
        returning=["subject_id"],
    )
    result = {id_: opened(id_, fresh[id_]) for (id_,) in made}
    if len(result) < len(wanted):
        result |= open_keys([id_ for id_ in wanted if id_ not in result])
    return result


def _leave_mark(keys: KeyRing) -> None:
    if (environment().key_ring_path, keys.fingerprint) in _compared:
        return
    RingMark.objects.bulk_create(
        [RingMark(id=1, fingerprint=keys.fingerprint, marked_at=clock.now())],
        ignore_conflicts=True,
    )


def open_keys(subject_ids: Collection[UUID]) -> dict[UUID, DataKey]:
    """The data keys of these subjects, opened; one query. Erased subjects are missing from it.

    Opened keys are for the call at hand: do not keep them.
    """
    if not subject_ids:
        return {}
    keys = key_ring()
    rows = WrappedKey.objects.filter(pk__in=list(subject_ids)).values_list(
        "subject_id", "ring_version", "wrapped"
    )
    return {id_: opened(id_, unwrap(keys, id_, version, wrapped)) for id_, version, wrapped in rows}


@atomic_retrying
def destroy_data_keys(subject_ids: Iterable[UUID], *, actor: Actor) -> int:
    """Erase: delete these subjects' data keys and enter them in the register of erasures.

    Returns how many keys there were. Repeating it changes nothing. After the commit the register
    is mirrored beside the key ring.
    """
    wanted = list(dict.fromkeys(subject_ids))
    now = clock.now()
    Erasure.objects.bulk_create(
        [
            Erasure(
                subject_id=id_,
                erased_at=now,
                actor_kind=actor.kind.value,
                actor_id=actor.id,
                actor_label=actor.label,
                request_id=actor.request_id,
            )
            for id_ in wanted
        ],
        ignore_conflicts=True,
    )
    destroyed, _by_model = WrappedKey.objects.filter(pk__in=wanted).delete()
    transaction.on_commit(lambda: register.mirror(wanted, now), robust=True)
    return destroyed


def destroy_data_key(subject_id: UUID, *, actor: Actor) -> bool:
    """`destroy_data_keys` for one subject; whether there was a key."""
    return destroy_data_keys([subject_id], actor=actor) > 0


@atomic_retrying
def discard_data_keys(subject_ids: Iterable[UUID], *, actor: Actor) -> int:
    """Delete the data keys of things that are no people, e.g. of a file that expired; how many.

    Not an erasure: nothing enters the register.
    """
    wanted = list(dict.fromkeys(subject_ids))
    deleted, _by_model = WrappedKey.objects.filter(pk__in=wanted).delete()
    return deleted


def blind_index(purpose: str, value: str) -> bytes:
    """A keyed digest (HMAC-SHA256) of ``value``, for finding equal values without reading them.

    The key belongs to ``purpose`` (``"members.identity.phone"``), so digests of different purposes
    cannot be compared; it survives rotation of the ring. Normalise ``value`` before.
    """
    return hmac.digest(key_ring().index_key(purpose), value.encode(), "sha256")


def blind_indexer(purpose: str) -> Callable[[str], bytes]:
    """`blind_index` for many values: reads the ring once."""
    key = key_ring().index_key(purpose)
    return lambda value: hmac.digest(key, value.encode(), "sha256")


def rotate_ring() -> int:
    """Add a fresh key to the ring and make it the active one; returns its version.

    Data keys stay readable under their old version until `rewrap_batch` has seen them.
    """
    key_ring()
    path = environment().key_ring_path
    with ring.changing(path):
        present = ring.read(path)
        if present is None:
            raise RingMissing(path=path)
        rotated = present.rotated()
        ring.replace_file(path, rotated)
    return rotated.active


@atomic_retrying
def rewrap_batch(*, limit: int = REWRAP_BATCH) -> int:
    """Wrap up to ``limit`` data keys anew with the active key; how many it did. Zero: done.

    Rows that another process is rewrapping or erasing are skipped, not waited for.
    """
    keys = key_ring()
    rows = list(
        WrappedKey.objects.exclude(ring_version=keys.active)
        .order_by("subject_id")
        .select_for_update(skip_locked=True)
        .values_list("subject_id", "ring_version", "wrapped")[:limit]
    )
    if not rows:
        return 0
    wrapped = [
        wrap(keys, id_, unwrap(keys, id_, version, content)) for id_, version, content in rows
    ]
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE secrets_wrapped_key AS k SET wrapped = n.wrapped, ring_version = %s"
            " FROM unnest(%s::uuid[], %s::bytea[]) AS n(subject_id, wrapped)"
            " WHERE k.subject_id = n.subject_id",
            [keys.active, [row[0] for row in rows], wrapped],
        )
    return len(rows)
