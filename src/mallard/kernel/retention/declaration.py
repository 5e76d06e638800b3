"""How long rows are kept: stated by each app in its `retention.py`, for every one of its tables.

keep_for("mail.Mail", KEPT_DAYS, prune=prune)
keep_with("jobs.JobFailure", "procrastinate.ProcrastinateJob")
keep_for_ever("ledger", because=_("The books: …"))
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.apps import apps
from django.db.models import Model
from django.utils.functional import Promise

from mallard.kernel.settings import Setting

Text = str | Promise
Prune = Callable[[], int]
"""Deletes a bounded batch of what is too old and answers how many; 0 when nothing is left."""


@dataclass(frozen=True, slots=True)
class Retention:
    """What holds for a table (``app.Model``) or, where a table has none of its own, for an app.

    Exactly one of: ``period`` (a setting in days) or ``note`` (a period that is not set by
    people) with ``prune``; ``owner``, the table whose rows these go with; ``because``, why the
    rows stay for ever.
    """

    label: str
    period: Setting[int] | None = None
    note: Text = ""
    prune: Prune | None = None
    owner: str = ""
    because: Text = ""


_declared: dict[str, Retention] = {}


def _declare(retention: Retention) -> None:
    key = retention.label.lower()
    if key in _declared:
        raise ValueError(f"the retention of {retention.label} is declared twice")
    _declared[key] = retention


def keep_for(label: str, period: Setting[int] | Text, *, prune: Prune | None) -> None:
    """Rows go after ``period``: a setting in days, or a fixed period in words.

    ``prune`` None: another table's pruning takes these rows along.
    """
    if isinstance(period, Setting):
        _declare(Retention(label, period=period, prune=prune))
    else:
        _declare(Retention(label, note=period, prune=prune))


def keep_with(label: str, owner: str) -> None:
    """Rows go with the row of ``owner`` that they belong to."""
    _declare(Retention(label, owner=owner))


def keep_for_ever(label: str, *, because: Text) -> None:
    """Rows stay. ``label`` is a table, or an app for all its tables without a word of their own."""
    _declare(Retention(label, because=because))


def retention_of(model: type[Model]) -> Retention | None:
    """What holds for a table, by itself or by its app; None when nobody said."""
    meta = model._meta
    return _declared.get(meta.label_lower) or _declared.get(meta.app_label)


def tables() -> list[type[Model]]:
    """Every table, the ones of installed packages included, by label."""
    found = apps.get_models(include_auto_created=True)
    return sorted(found, key=lambda model: model._meta.label)


def declarations() -> list[Retention]:
    """Everything that was declared, by label."""
    return [_declared[key] for key in sorted(_declared)]
