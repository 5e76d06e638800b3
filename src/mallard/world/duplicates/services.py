"""Pairs are found, and decided: merged, or told apart for good."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import islice
from uuid import UUID

from django.db.models import Q
from procrastinate.exceptions import AlreadyEnqueued

from mallard.kernel.access.actor import Actor
from mallard.kernel.audit.services import record
from mallard.kernel.clock import now
from mallard.kernel.database.transactions import atomic_retrying
from mallard.kernel.errors import DomainError
from mallard.world.duplicates.errors import DecidedAlready, PairNotFound
from mallard.world.duplicates.locks import lock_pair
from mallard.world.duplicates.models import DuplicatePair, PairStatus
from mallard.world.duplicates.queries import candidates, traits_of
from mallard.world.duplicates.rules import Evidence, Traits, evidence_of, permille
from mallard.world.duplicates.settings import MERGE_FROM
from mallard.world.members.services import merge_members

logger = logging.getLogger(__name__)
WORTH_A_LOOK = 500
"""Pairs less likely than this (in thousandths) are not shown to anybody."""

_BATCH = 1_000
Pair = tuple[UUID, UUID]


def find_pairs(*, actor: Actor) -> int:
    """Compare whoever shares something, and keep the likely pairs; how many. What was decided
    stays decided; open pairs that are no longer likely are dropped."""
    likely: set[Pair] = set()
    stream = iter(candidates())
    while batch := list(islice(stream, _BATCH)):
        likely |= _keep(batch)
    _drop_unlikely(likely)
    _merge_the_certain(actor)
    return len(likely)


@atomic_retrying
def _keep(batch: Sequence[Pair]) -> set[Pair]:
    traits = traits_of({id_ for pair in batch for id_ in pair})
    present = {
        (pair.first_id, pair.second_id): pair
        for pair in DuplicatePair.objects.filter(first__in=[first for first, _second in batch])
    }
    new, changed, likely = [], [], set()
    for first, second in batch:
        if first not in traits or second not in traits:
            continue
        found = _compared(first, second, traits)
        if found.permille < WORTH_A_LOOK:
            continue
        likely.add((first, second))
        pair = present.get((first, second))
        if pair is None:
            new.append(found)
        elif pair.status == PairStatus.OPEN and pair.evidence != found.evidence:
            pair.permille, pair.evidence = found.permille, found.evidence
            changed.append(pair)
    DuplicatePair.objects.bulk_create(new, ignore_conflicts=True)
    DuplicatePair.objects.bulk_update(changed, ["permille", "evidence"])
    return likely


def _compared(first: UUID, second: UUID, traits: Mapping[UUID, Traits]) -> DuplicatePair:
    """The pair as it would be kept. ``first`` is the lower id."""
    evidence = evidence_of(traits[first], traits[second])
    return DuplicatePair(
        first_id=first,
        second_id=second,
        permille=permille(evidence),
        evidence=_as_json(evidence),
    )


def _as_json(evidence: Iterable[Evidence]) -> list[dict[str, object]]:
    return [{"code": each.code, "weight": each.weight} for each in evidence]


@atomic_retrying
def _drop_unlikely(likely: set[Pair]) -> None:
    waiting = DuplicatePair.objects.filter(status=PairStatus.OPEN)
    gone = [
        pk
        for pk, *pair in waiting.values_list("pk", "first", "second")
        if tuple(pair) not in likely
    ]
    DuplicatePair.objects.filter(pk__in=gone).delete()


def _merge_the_certain(actor: Actor) -> None:
    """Merge what the setting lets be merged without anybody. Off by default."""
    least = MERGE_FROM.value * 10
    if not least:
        return
    certain = DuplicatePair.objects.filter(status=PairStatus.OPEN, permille__gte=least)
    for pair in certain.select_related("first", "second"):
        older = min((pair.first, pair.second), key=lambda member: (member.joined_at, member.id))
        try:
            merge_pair(pair.pk, survivor_id=older.id, actor=actor, is_automatic=True)
        except DomainError:
            logger.info("a pair could not be merged", extra={"pair_id": str(pair.pk)})
            settle_otherwise(pair.pk, actor=actor)


def _open(pair_id: UUID) -> DuplicatePair:
    pair = lock_pair(pair_id)
    if pair is None:
        raise PairNotFound()
    if pair.status != PairStatus.OPEN:
        raise DecidedAlready()
    return pair


def _decide(pair: DuplicatePair, status: PairStatus, actor: Actor) -> None:
    pair.status, pair.decided_at, pair.decided_by_id = status.value, now(), actor.id
    pair.save(update_fields=["status", "decided_at", "decided_by_id", "is_automatic"])


@atomic_retrying
def merge_pair(
    pair_id: UUID, *, survivor_id: UUID, actor: Actor, is_automatic: bool = False
) -> None:
    """It is one person: ``survivor_id`` stands for both from now on. Nothing moves.

    Raises `PairNotFound`, `DecidedAlready`, and what `merge_members` raises.
    """
    pair = _open(pair_id)
    if survivor_id not in (pair.first_id, pair.second_id):
        raise PairNotFound()
    merged_id = pair.second_id if survivor_id == pair.first_id else pair.first_id
    merge_members(survivor_id, merged_id=merged_id, actor=actor)
    pair.is_automatic = is_automatic
    _decide(pair, PairStatus.MERGED, actor)


@atomic_retrying
def tell_apart(pair_id: UUID, *, actor: Actor) -> None:
    """They are two people, and will not be proposed again."""
    pair = _open(pair_id)
    _decide(pair, PairStatus.DIFFERENT, actor)
    record(actor, "duplicates.told_apart", "pair", pair.pk, ids=[pair.first_id, pair.second_id])


@atomic_retrying
def reconsider(pair_id: UUID, *, actor: Actor) -> None:
    """Two people told apart are looked at again."""
    pair = lock_pair(pair_id)
    if pair is None:
        raise PairNotFound()
    if pair.status == PairStatus.DIFFERENT:
        pair.status, pair.decided_at, pair.decided_by_id = PairStatus.OPEN.value, None, None
        pair.save(update_fields=["status", "decided_at", "decided_by_id"])
        ids = [pair.first_id, pair.second_id]
        record(actor, "duplicates.reconsidered", "pair", pair.pk, ids=ids)


@atomic_retrying
def settle_otherwise(pair_id: UUID, *, actor: Actor) -> None:
    """One of them was closed, erased or merged into somebody else meanwhile."""
    pair = lock_pair(pair_id)
    if pair is not None and pair.status == PairStatus.OPEN:
        _decide(pair, PairStatus.GONE, actor)


@atomic_retrying
def note_merged(pairs: Collection[Pair], *, actor: Actor) -> None:
    """These were merged, perhaps past the list of pairs: nobody need look at them any more."""
    for pair in _rows_of(pairs):
        if pair.status == PairStatus.OPEN and _is_merged(pair):
            _decide(pair, PairStatus.MERGED, actor)


@atomic_retrying
def note_unmerged(pairs: Collection[Pair], *, actor: Actor) -> None:
    """A merge was undone: these are two people, also tonight, however they had been merged."""
    traits = traits_of({id_ for pair in pairs for id_ in pair})
    DuplicatePair.objects.bulk_create(
        [_compared(min(pair), max(pair), traits) for pair in pairs], ignore_conflicts=True
    )
    for pair in _rows_of(pairs):
        # They may have been merged again before this was heard.
        status = PairStatus.MERGED if _is_merged(pair) else PairStatus.DIFFERENT
        if pair.status in (PairStatus.OPEN, PairStatus.MERGED) and pair.status != status:
            _decide(pair, status, actor)


def _rows_of(pairs: Collection[Pair]) -> list[DuplicatePair]:
    """What is kept of these pairs, locked."""
    wanted = {(min(pair), max(pair)) for pair in pairs}
    rows = DuplicatePair.objects.filter(
        first__in=[first for first, _second in wanted],
        second__in=[second for _first, second in wanted],
    )
    rows = rows.select_related("first", "second").order_by("id").select_for_update(of=("self",))
    return [row for row in rows if (row.first_id, row.second_id) in wanted]


def _is_merged(pair: DuplicatePair) -> bool:
    return pair.first.merged_into_id == pair.second_id or (
        pair.second.merged_into_id == pair.first_id
    )


@atomic_retrying
def drop_evidence(member_ids: Collection[UUID], *, actor: Actor) -> None:
    """Somebody was erased: what they had in common with others goes."""
    theirs = Q(first__in=member_ids) | Q(second__in=member_ids)
    DuplicatePair.objects.filter(theirs, status=PairStatus.OPEN).update(
        status=PairStatus.GONE, decided_at=now(), decided_by_id=actor.id
    )
    DuplicatePair.objects.filter(theirs).update(evidence=[])


@atomic_retrying
def start_search(*, actor: Actor) -> None:
    """Let a job look now instead of tonight."""
    from mallard.world.duplicates.jobs import look_now  # the job calls this module

    record(actor, "duplicates.search_started", "pair", None)
    with contextlib.suppress(AlreadyEnqueued):
        look_now.defer()
