"""What came after an import and would hang in the air without it.

Asked of the database itself: every table with a foreign key to a member counts, of whichever app,
so that no app can forget to say so.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any

from django.apps import apps
from django.db.models import ForeignKey, Model, Q, QuerySet
from django.utils.translation import gettext as _

from mallard.kernel.secrets.services import open_keys
from mallard.world.intake import membership
from mallard.world.intake.changes import opened_changes
from mallard.world.intake.models import MemberImport, RowAction
from mallard.world.members.models import (
    Consent,
    GuardianConsent,
    Identity,
    Member,
    MemberPresence,
    MemberStatus,
    MemberTag,
    Note,
)
from mallard.world.members.profile import open_profile

NAMED = 20
"""So many members are named for each kind."""

_OWN = ("members", "intake")
_CHANGING = (RowAction.CREATE, RowAction.CHANGE, RowAction.MERGE)
_BATCH = 2_000


def of_import(found: MemberImport) -> list[dict[str, Any]]:
    """What stands against undoing it: ``[{"kind", "count", "members": [numbers]}]``. ``kind`` is
    the label of an app, or one of `kind_words`."""
    made = found.rows.filter(action=RowAction.CREATE, is_done=True).values("member_id")
    blockers = [
        _blocker(app, rows.filter(**{f"{field}__in": made}).values_list(f"{field}__number"))
        for app, rows, field in _tables()
    ]
    blockers += _own(found, made)
    blockers.append(_changed_since(found))
    return [each for each in _by_kind(blockers) if each["count"]]


def _tables() -> Iterator[tuple[str, QuerySet[Any], str]]:
    for model in apps.get_models():
        if model._meta.app_label in _OWN or not model._meta.managed:
            continue
        for field in model._meta.get_fields():
            if isinstance(field, ForeignKey) and field.related_model is Member:
                yield model._meta.app_label, _rows_of(model), field.name


def _rows_of(model: type[Model]) -> QuerySet[Any]:
    return model._default_manager.order_by()


def _blocker(kind: str, numbers: QuerySet[Any]) -> dict[str, Any]:
    return {
        "kind": kind,
        "count": numbers.count(),
        "members": sorted({number for (number,) in numbers.distinct()[:NAMED]}),
    }


def _own(found: MemberImport, made: QuerySet[Any]) -> list[dict[str, Any]]:
    """Rows of the members' own tables that came later. Imported ones carry the row's moment."""
    at = found.finished_at or found.started_at
    mine = Q(member__in=made)
    number = "member__number"
    merged = Member.objects.filter(
        Q(merged_into__in=made) | Q(pk__in=made, merged_into__isnull=False)
    )
    later = [
        ("notes", Note.objects.filter(mine), number),
        ("visits", MemberPresence.objects.filter(mine, receipts__gt=0), number),
        ("merges", merged, "number"),
        ("consents", Consent.objects.filter(mine, recorded_at__gt=at), number),
        ("consents", GuardianConsent.objects.filter(mine), number),
        ("tags", MemberTag.objects.filter(mine, tagged_at__gt=at), number),
        ("identities", Identity.objects.filter(mine, created_at__gt=at), number),
        (
            "identities",
            Identity.objects.filter(mine, closed_at__isnull=False).exclude(
                member__status=MemberStatus.ERASED
            ),
            number,
        ),
    ]
    return [_blocker(kind, rows.order_by().values_list(name)) for kind, rows, name in later]


def _changed_since(found: MemberImport) -> dict[str, Any]:
    """Members whose profile says something else by now than the import left behind."""
    numbers: list[str] = []
    count = 0
    rows = found.rows.filter(is_done=True, action__in=_CHANGING)
    stream = iter(rows.select_related("member").order_by("number").iterator(chunk_size=_BATCH))
    while batch := list(islice(stream, _BATCH)):
        keys = open_keys([row.member_id for row in batch if row.member_id])
        for row in batch:
            member = row.member
            if member is None or member.id not in keys:
                continue
            profile = open_profile(member.profile_sealed, keys[member.id])
            if row.action == RowAction.CREATE:
                is_changed = any(fact.at > row.done_at for fact in profile.values())
            else:
                changes = opened_changes(row, keys[member.id])
                present = {f"profile.{code}": fact.value for code, fact in profile.items()}
                is_changed = not membership.is_as_left(changes.values, member) or any(
                    present.get(name, "") != new
                    for name, (_old, new) in changes.values.items()
                    if name.startswith("profile.")
                )
            if is_changed:
                count += 1
                numbers.append(member.number)
    return {"kind": "changes", "count": count, "members": numbers[:NAMED]}


def _by_kind(blockers: list[dict[str, Any]]) -> list[dict[str, Any]]:
    merged: dict[str, dict[str, Any]] = {}
    for each in blockers:
        into = merged.setdefault(each["kind"], {"kind": each["kind"], "count": 0, "members": []})
        into["count"] += each["count"]
        into["members"] = sorted({*into["members"], *each["members"]})[:NAMED]
    return list(merged.values())


def kind_words(kind: str) -> str:
    """What people call a kind of dependents; for rows of other apps the app's name."""
    own = {
        "notes": _("Notes about them"),
        "visits": _("Purchases in stores"),
        "merges": _("Merged records"),
        "consents": _("Consents given or refused since"),
        "tags": _("Tags put on since"),
        "identities": _("Identities added or removed since"),
        "changes": _("Profiles changed since"),
    }
    if kind in own:
        return own[kind]
    return str(apps.get_app_config(kind).verbose_name) if kind in apps.app_configs else kind
