"""Small tables of named rows (malls, tenants, categories …): written in batches, and audited.

A row is found by its natural key, usually a code. A batch costs one SELECT, one INSERT, one UPDATE
and one audit entry, however many rows it has; a row that would not change is not written.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any, Generic, TypeVar
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from mallard.kernel.access.actor import Actor
from mallard.kernel.audit import services as audit
from mallard.kernel.errors import Conflict, Invalid, NotFound

Row = TypeVar("Row", bound=models.Model)

MAX_ROWS = 20_000


class CodeTaken(Conflict):
    code = "rows.code_taken"
    message = _("“%(code)s” is taken already. Please choose another one.")


class CodeTwice(Invalid):
    code = "rows.code_twice"
    message = _("“%(code)s” occurs twice in one batch.")


class TooManyRows(Invalid):
    code = "rows.too_many"
    message = _("At most %(limit)s rows can be saved at once.")


class ChangedMeanwhile(Conflict):
    code = "rows.changed_meanwhile"
    message = _("Somebody else changed this at the same moment. Please try again.")


@dataclass(frozen=True, slots=True)
class Table(Generic[Row]):
    """A table of named rows. ``subject`` is what audit calls a row (``store``), ``key`` the
    attributes that name a row among all of them."""

    model: type[Row]
    subject: str
    key: tuple[str, ...] = ("code",)

    def action(self, verb: str) -> str:
        """What audit calls a change: ``malls.store_closed``."""
        return f"{self.model._meta.app_label}.{self.subject}_{verb}"

    def key_of(self, thing: Any) -> tuple[Any, ...]:
        return tuple(getattr(thing, name) for name in self.key)

    @property
    def key_field(self) -> str:
        """The field at fault when a key is refused: the last part, which people type."""
        return self.key[-1].removesuffix("_id")


def save(table: Table[Row], inputs: Sequence[Any], *, actor: Actor) -> list[Row]:
    """Create or change rows by natural key; answers them in the order of ``inputs``.

    ``inputs`` are dataclasses with the model's attribute names (``mall_id``, not ``mall``); their
    ``id`` is used for a new row. Runs in the caller's transaction. Raises `Invalid` (all fields of
    the first bad row), `CodeTwice`, `TooManyRows`, `ChangedMeanwhile`; then nothing is saved.
    """
    if len(inputs) > MAX_ROWS:
        raise TooManyRows(limit=MAX_ROWS)
    seen: set[tuple[Any, ...]] = set()
    for item in inputs:
        if table.key_of(item) in seen:
            raise CodeTwice(code=table.key_of(item)[-1])
        seen.add(table.key_of(item))
    found = _lock_by_key(table, seen)
    return _write(table, [(found.get(table.key_of(item)), item) for item in inputs], actor)


def create(table: Table[Row], item: Any, *, actor: Actor) -> Row:
    """Create one row. Raises `CodeTaken`, `Invalid`."""
    if _lock_by_key(table, {table.key_of(item)}):
        raise _taken(table, item)
    return _write(table, [(None, item)], actor)[0]


def update(table: Table[Row], row_id: UUID, item: Any, *, actor: Actor) -> Row:
    """Change one row, its key too. Raises `NotFound`, `CodeTaken`, `Invalid`."""
    row = lock(table, row_id)
    others = _lock_by_key(table, {table.key_of(item)})
    if any(other.pk != row_id for other in others.values()):
        raise _taken(table, item)
    return _write(table, [(row, item)], actor)[0]


def change(table: Table[Row], row_id: UUID, values: Mapping[str, Any], *, actor: Actor) -> Row:
    """Change some attributes of one row, e.g. close it. Raises `NotFound`, `Invalid`."""
    row = lock(table, row_id)
    before = {name: getattr(row, name) for name in values}
    changed = {name: value for name, value in values.items() if before[name] != value}
    if changed:
        _assign(row, changed)
        row.save(update_fields=list(changed))
        audit.record(
            actor,
            table.action("changed"),
            table.subject,
            row_id,
            before={name: before[name] for name in changed},
            after=changed,
        )
    return row


def lock(table: Table[Row], row_id: UUID) -> Row:
    """The row, locked until the end of the transaction. Raises `NotFound`."""
    row = table.model._default_manager.select_for_update(of=("self",)).filter(pk=row_id).first()
    if row is None:
        raise NotFound()
    return row


def _taken(table: Table[Row], item: Any) -> CodeTaken:
    code = table.key_of(item)[-1]
    return CodeTaken(code=code, fields={table.key_field: CodeTaken.message % {"code": code}})


def _lock_by_key(table: Table[Row], keys: set[tuple[Any, ...]]) -> dict[tuple[Any, ...], Row]:
    """The rows with these keys, locked in the order of their ids."""
    parts = {f"{name}__in": {key[i] for key in keys} for i, name in enumerate(table.key)}
    rows = table.model._default_manager.select_for_update(of=("self",)).filter(**parts)
    return {table.key_of(row): row for row in rows.order_by("pk") if table.key_of(row) in keys}


def _write(table: Table[Row], pairs: Sequence[tuple[Row | None, Any]], actor: Actor) -> list[Row]:
    rows: list[Row] = []
    new: list[Row] = []
    changes: list[tuple[Row, dict[str, Any], dict[str, Any]]] = []
    for row, item in pairs:
        values = {field.name: getattr(item, field.name) for field in fields(item)}
        row_id = values.pop("id", None)
        if row is None:
            row = table.model() if row_id is None else table.model(pk=row_id)
            _assign(row, values)
            new.append(row)
        else:
            before = {name: getattr(row, name) for name in values}
            _assign(row, values)
            after = {name: value for name, value in values.items() if before[name] != value}
            if after:
                changes.append((row, {name: before[name] for name in after}, after))
        rows.append(row)
    _store(table, new, changes)
    _record(table, new, changes, actor)
    return rows


def _assign(row: models.Model, values: Mapping[str, Any]) -> None:
    for name, value in values.items():
        setattr(row, name, value)
    # Foreign keys are checked by the database; one query for each would be a loop of queries.
    exclude = {field.name for field in row._meta.fields if field.is_relation or field.primary_key}
    try:
        row.clean_fields(exclude=exclude)
    except ValidationError as error:
        problems: dict[str, str | Promise] = {
            name: " ".join(messages) for name, messages in error.message_dict.items()
        }
        raise Invalid(fields=problems) from error
    if not getattr(row, "name", True):
        raise Invalid(fields={"name_en": _("Please give a name in English or in Chinese.")})


def _store(
    table: Table[Row],
    new: Sequence[Row],
    changes: Sequence[tuple[Row, dict[str, Any], dict[str, Any]]],
) -> None:
    try:
        with transaction.atomic():
            table.model._default_manager.bulk_create(new)
            if changes:
                names = sorted({name for _row, _before, after in changes for name in after})
                table.model._default_manager.bulk_update(
                    [row for row, _before, _after in changes], names, batch_size=1_000
                )
    except IntegrityError as error:
        raise ChangedMeanwhile() from error


def _record(
    table: Table[Row],
    new: Sequence[Row],
    changes: Sequence[tuple[Row, dict[str, Any], dict[str, Any]]],
    actor: Actor,
) -> None:
    """One entry: a full account of a single row, the ids of a batch."""
    if len(new) + len(changes) > 1:
        ids = [row.pk for row in new] + [row.pk for row, _before, _after in changes]
        counts = {"created": len(new), "changed": len(changes)}
        audit.record(actor, table.action("batch_saved"), table.subject, None, after=counts, ids=ids)
        return
    for row in new:
        values = {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}
        audit.record(actor, table.action("created"), table.subject, row.pk, after=values)
    for row, before, after in changes:
        audit.record(
            actor,
            table.action("changed"),
            table.subject,
            row.pk,
            before=before,
            after=after,
        )
