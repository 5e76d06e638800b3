"""Every write of declarations."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from mallard.kernel import clock
from mallard.kernel.access.actor import Actor
from mallard.kernel.audit import services as audit
from mallard.kernel.database.bulk import copy_rows
from mallard.kernel.database.prepared import fetch_rows
from mallard.kernel.database.transactions import atomic_retrying
from mallard.kernel.errors import DomainError, Forbidden, Invalid, NotFound
from mallard.kernel.ids import uuid7
from mallard.kernel.outbox.services import announce
from mallard.kernel.provenance import Origin
from mallard.value.sales.declarations import queries, rules
from mallard.value.sales.declarations.facts import (
    DeclarationInput,
    DeclarationOutcome,
    DeclarationResult,
)
from mallard.value.sales.declarations.rules import KnownDeclaration
from mallard.value.sales.errors import (
    DeclaredTwice,
    InvalidDeclaration,
    TooManyDeclarations,
    UnknownStoreToDeclare,
)
from mallard.value.sales.events import DeclarationReviewed
from mallard.value.sales.locks import lock_declarations, lock_declared_days
from mallard.value.sales.models import DeclarationStatus, SalesDeclaration, Source
from mallard.value.sales.permissions import DECLARE_SALES, REVIEW_DECLARATION
from mallard.world.malls.facts import StoreFacts
from mallard.world.malls.queries import covers_mall, store_facts, store_ids_in

MAX_DECLARATIONS = 100_000

MAX_REASON = 500


class OwnDeclaration(Forbidden):
    code = "sales.own_declaration"
    message = _("Declarations are reviewed by the mall, not by the tenant who made them.")


@dataclass(slots=True)
class _Accepted:
    """A declaration that will be written."""

    id: UUID
    given: DeclarationInput
    store: StoreFacts
    revision: int
    known: KnownDeclaration | None


@dataclass(frozen=True, slots=True)
class _Said:
    """When, how and by whom the batch was said."""

    now: dt.datetime
    recorded_at: dt.datetime
    source: Source
    origin: Origin
    actor: Actor

    def at(self, given: DeclarationInput) -> dt.datetime:
        return given.declared_at or self.recorded_at


def declare_day(
    declaration: DeclarationInput,
    *,
    actor: Actor,
    source: Source,
    origin: Origin = Origin.STAFF,
) -> DeclarationOutcome:
    """One store's day: a batch of one. Raises what is wrong with it."""
    [outcome] = declare_sales([declaration], actor=actor, source=source, origin=origin)
    if outcome.error is not None:
        raise outcome.error
    return outcome


@atomic_retrying
def declare_sales(
    declarations: Sequence[DeclarationInput],
    *,
    actor: Actor,
    source: Source,
    origin: Origin = Origin.STAFF,
    recorded_at: dt.datetime | None = None,
) -> list[DeclarationOutcome]:
    """Record what tenants say their stores sold. One outcome per declaration, in their order.

    The same figures again are nothing; other figures correct, keep what was said before, and
    answer a dispute; a confirmed day is closed. A bad item does not stop the others. A batch is a
    handful of statements. ``recorded_at`` is when history's source learned of it. Raises
    `TooManyDeclarations`.
    """
    actor.require(DECLARE_SALES)
    if len(declarations) > MAX_DECLARATIONS:
        raise TooManyDeclarations(limit=MAX_DECLARATIONS)
    now = clock.now()
    outcomes: list[DeclarationOutcome | None] = [None] * len(declarations)
    sound = _sound(declarations, outcomes, actor, now)
    keys = [(store.id, given.business_day) for _position, given, store in sound]
    known = lock_declared_days(keys)
    new, changed = _decide(sound, known, outcomes, origin)
    said = _Said(now, recorded_at or now, source, origin, actor)
    _write_new(new, said)
    _write_changed(changed, said)
    _keep_revisions([*new, *changed], said)
    return [outcome for outcome in outcomes if outcome is not None]


def _refused(error: DomainError) -> DeclarationOutcome:
    return DeclarationOutcome(DeclarationResult.REFUSED, error=error)


_Sound = tuple[int, DeclarationInput, StoreFacts]


def _sound(
    declarations: Sequence[DeclarationInput],
    outcomes: list[DeclarationOutcome | None],
    actor: Actor,
    now: dt.datetime,
) -> list[_Sound]:
    facts = store_facts({one.store_code for one in declarations})
    allowed = store_ids_in(actor.scope)
    sound: list[_Sound] = []
    for position, given in enumerate(declarations):
        store = facts.get(given.store_code)
        if store is None or not (allowed is None or store.id in allowed):
            outcomes[position] = _refused(UnknownStoreToDeclare(store=given.store_code))
            continue
        problem = rules.declaration_problem(given, store=store, now=now)
        if problem is not None:
            outcomes[position] = _refused(InvalidDeclaration(detail=problem))
            continue
        sound.append((position, given, store))
    return sound


def _decide(
    sound: Sequence[_Sound],
    known: dict[queries.StoreDayKey, KnownDeclaration],
    outcomes: list[DeclarationOutcome | None],
    origin: Origin,
) -> tuple[list[_Accepted], list[_Accepted]]:
    """What is new and what is changed; everything is answered here."""
    new: list[_Accepted] = []
    changed: list[_Accepted] = []
    first: dict[queries.StoreDayKey, DeclarationInput] = {}
    for position, given, store in sound:
        key = (store.id, given.business_day)
        earlier = first.setdefault(key, given)
        if earlier is not given:
            outcomes[position] = _again(earlier, given)
            continue
        before = known.get(key)
        try:
            result = rules.what_it_does(given, origin=origin, known=before)
        except DomainError as error:
            outcomes[position] = _refused(error)
            continue
        row_id = before.id if before else uuid7()
        revision = before.revision if before else 1
        if result is DeclarationResult.RECORDED:
            new.append(_Accepted(row_id, given, store, revision, None))
        elif result is DeclarationResult.CORRECTED:
            revision += 1
            changed.append(_Accepted(row_id, given, store, revision, before))
        outcomes[position] = DeclarationOutcome(result, row_id, revision)
    return new, changed


def _again(earlier: DeclarationInput, given: DeclarationInput) -> DeclarationOutcome:
    if (earlier.amount_minor, earlier.receipts) == (given.amount_minor, given.receipts):
        return DeclarationOutcome(DeclarationResult.UNCHANGED)
    return _refused(DeclaredTwice(store=given.store_code, day=given.business_day))


def _write_new(new: Sequence[_Accepted], said: _Said) -> None:
    copy_rows(
        "sales_salesdeclaration",
        (
            "id", "store_id", "business_day", "currency", "amount_minor", "receipts", "status",
            "reason", "source", "origin", "declared_at", "recorded_at", "revision",
        ),
        (
            (
                one.id, one.store.id, one.given.business_day, one.given.currency,
                one.given.amount_minor, one.given.receipts, DeclarationStatus.DECLARED.value, "",
                said.source.value, said.origin.value, said.at(one.given), said.recorded_at,
                one.revision,
            )
            for one in new
        ),
    )  # fmt: skip


def _write_changed(changed: Sequence[_Accepted], said: _Said) -> None:
    if not changed:
        return
    fetch_rows(
        """
        UPDATE sales_salesdeclaration d
        SET amount_minor = w.amount_minor, receipts = w.receipts, declared_at = w.declared_at,
            revision = w.revision, status = %s, reason = '', reviewed_at = NULL,
            recorded_at = %s, source = %s, origin = %s
        FROM unnest(%s::uuid[], %s::bigint[], %s::int[], %s::timestamptz[], %s::int[])
            AS w(id, amount_minor, receipts, declared_at, revision)
        WHERE d.id = w.id
        """,
        [
            DeclarationStatus.DECLARED.value, said.recorded_at, said.source.value,
            said.origin.value,
            [one.id for one in changed], [one.given.amount_minor for one in changed],
            [one.given.receipts for one in changed], [said.at(one.given) for one in changed],
            [one.revision for one in changed],
        ],
    )  # fmt: skip
    audit.record(
        said.actor,
        "sales.declarations_corrected",
        "declaration",
        changed[0].id if len(changed) == 1 else None,
        before={"amount_minor": sum(one.known.amount_minor for one in changed if one.known)},
        after={
            "amount_minor": sum(one.given.amount_minor for one in changed),
            "declarations": len(changed),
        },
        ids=[one.id for one in changed],
    )


_REVISION_COLUMNS = (
    "declaration_id", "revision", "amount_minor", "receipts", "status", "reason", "source",
    "origin", "said_at", "recorded_at", "actor_kind", "actor_id",
)  # fmt: skip


def _keep_revisions(accepted: Sequence[_Accepted], said: _Said) -> None:
    copy_rows(
        "sales_declarationrevision",
        _REVISION_COLUMNS,
        (
            (
                one.id, one.revision, one.given.amount_minor, one.given.receipts,
                DeclarationStatus.DECLARED.value, "", said.source.value, said.origin.value,
                said.at(one.given), said.recorded_at, said.actor.kind.value, said.actor.id,
            )
            for one in accepted
        ),
    )  # fmt: skip


@atomic_retrying
def review_declarations(
    declaration_ids: Sequence[UUID],
    *,
    status: DeclarationStatus,
    reason: str = "",
    actor: Actor,
    origin: Origin = Origin.STAFF,
    recorded_at: dt.datetime | None = None,
) -> int:
    """Confirm declarations, dispute them with a reason, or (``DECLARED``) open them again.

    Only who holds the whole mall reviews: a tenant does not confirm their own word. Those that
    are in that state for that reason already stay as they are; returns how many changed. Refused
    whole: raises `NotFound`, `OwnDeclaration`, `Invalid`. ``recorded_at`` is history's time.
    """
    actor.require(REVIEW_DECLARATION)
    reason = reason.strip()
    _check_reason(status, reason)
    rows = lock_declarations(set(declaration_ids))
    allowed = store_ids_in(actor.scope)
    if len(rows) < len(set(declaration_ids)):
        raise NotFound()
    for row in rows:
        if not (allowed is None or row.store_id in allowed):
            raise NotFound()
        if not covers_mall(actor.scope, row.store.mall_id):
            raise OwnDeclaration()
    changed = [row for row in rows if (row.status, row.reason) != (status, reason)]
    if changed:
        at = recorded_at or clock.now()
        _write_review(changed, status, reason, at, origin=origin, actor=actor)
    return len(changed)


def _check_reason(status: DeclarationStatus, reason: str) -> None:
    if status == DeclarationStatus.DISPUTED and not reason:
        raise Invalid(fields={"reason": _("Say what does not fit, so that the tenant can answer.")})
    if len(reason) > MAX_REASON:
        raise Invalid(fields={"reason": _("At most 500 characters.")})


def _write_review(
    rows: Sequence[SalesDeclaration],
    status: DeclarationStatus,
    reason: str,
    at: dt.datetime,
    *,
    origin: Origin,
    actor: Actor,
) -> None:
    ids = [row.id for row in rows]
    before = {row.status for row in rows}
    fetch_rows(
        """
        UPDATE sales_salesdeclaration
        SET status = %s, reason = %s, reviewed_at = %s, revision = revision + 1
        WHERE id = ANY(%s::uuid[])
        """,
        [status.value, reason, at, ids],
    )
    fetch_rows(
        """
        INSERT INTO sales_declarationrevision (
            declaration_id, revision, amount_minor, receipts, status, reason, source, origin,
            said_at, recorded_at, actor_kind, actor_id
        )
        SELECT id, revision, amount_minor, receipts, status, reason, %s, %s, %s, %s, %s, %s::uuid
        FROM sales_salesdeclaration WHERE id = ANY(%s::uuid[])
        """,
        [
            (Source.GENERATED if origin is Origin.GENERATED else Source.STAFF).value, origin.value,
            at, at, actor.kind.value, actor.id, ids,
        ],
    )  # fmt: skip
    audit.record(
        actor,
        "sales.declarations_reviewed",
        "declaration",
        ids[0] if len(ids) == 1 else None,
        before={"status": sorted(before)},
        after={"status": status.value, "reason": reason, "declarations": len(ids)},
        ids=ids,
    )
    announce(
        [
            DeclarationReviewed(
                subject_id=row.id,
                store_id=str(row.store_id),
                business_day=row.business_day.isoformat(),
                status=status.value,
            )
            for row in rows
        ],
        actor=actor,
    )
