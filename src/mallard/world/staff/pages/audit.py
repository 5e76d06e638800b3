"""The audit log on screens: found by what one knows, each entry before and after, the seal."""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import OuterRef, Q, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from mallard.kernel.access.actor import ActorKind
from mallard.kernel.access.guards import actor_of, requires
from mallard.kernel.access.step_up import step_up
from mallard.kernel.audit import queries as audit
from mallard.kernel.audit import verifying, words
from mallard.kernel.audit.models import Entry
from mallard.kernel.audit.permissions import REVEAL_DETAIL, VERIFY_LOG, VIEW_ENTRY
from mallard.kernel.audit.queries import HistoryEntry
from mallard.kernel.errors import NotFound
from mallard.kernel.ui import formats
from mallard.kernel.ui.filters import ChoiceFilter, DateRangeFilter, PickFilter, SearchFilter
from mallard.kernel.ui.lists import Column, Empty, ListPage, Rows
from mallard.kernel.ui.parts import Fact
from mallard.world.staff import reach
from mallard.world.staff.models import StaffUser

# How the keys of moments and days end.
_MOMENTS, _DAYS = ("at", "first", "last"), ("_on", "day")
KINDS = (
    (ActorKind.STAFF.value, _("Staff")),
    (ActorKind.API.value, _("API key")),
    (ActorKind.MEMBER.value, _("Member")),
    (ActorKind.SYSTEM.value, _("System")),
)


def _search(rows: Rows, text: str) -> Rows:
    people = StaffUser.objects.filter(name__icontains=text) | StaffUser.objects.filter(
        email__icontains=text
    )
    ids = list(people.values_list("pk", flat=True)[:50])
    in_words = Q(action__in=words.actions_saying(text))
    return rows.filter(audit.matching(text, actor_ids=ids) | in_words)


def _people() -> list[tuple[str, str]]:
    """All staff by name, those who left too; by name and e-mail where two are called alike."""
    rows = list(StaffUser.objects.order_by("name", "email").values_list("pk", "name", "email"))
    named = Counter(name for _id, name, _email in rows)
    return [
        (str(id_), f"{name} · {email}" if named[name] > 1 else name) for id_, name, email in rows
    ]


def _is_id(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True


def _who(entry: Any) -> str:
    """The name of a person, what a machine is called in words."""
    return str(entry.name or words.actor(entry.actor_label))


AUDIT = ListPage(
    key="audit",
    title=_("Audit log"),
    columns=(
        Column("when", _("When"), lambda entry: formats.moment(entry.recorded_at), sort="id"),
        Column("who", _("Who"), _who),
        Column("what", _("What"), lambda entry: words.action(entry.action)),
        Column(
            "subject",
            _("Subject"),
            lambda entry: words.subject(entry.subject_type),
            from_width="md",
        ),
        Column("address", pgettext_lazy("audit", "From"), "address", from_width="lg"),
        Column("request", _("Request"), "request_id", is_shown=False),
    ),
    default_sort="-when",
    filters=(
        SearchFilter(label=_("Name, action, kind of subject, any id"), search=_search),
        PickFilter(
            "action",
            _("Action"),
            choices=words.actions,
            apply=lambda rows, codes: rows.filter(action__in=codes),
            is_code=re.compile(r"[a-z_]+\.[a-z_]+").fullmatch,
        ),
        PickFilter(
            "subject",
            _("Subject"),
            choices=words.subjects,
            apply=lambda rows, codes: rows.filter(subject_type__in=codes),
            is_code=re.compile(r"[a-z]+(_[a-z]+)+").fullmatch,
        ),
        ChoiceFilter("kind", _("Done by"), choices=KINDS, column="actor_kind"),
        PickFilter(
            "person",
            _("Person"),
            choices=_people,
            apply=lambda rows, ids: rows.filter(actor_id__in=ids),
            is_code=_is_id,
            is_translated=False,
        ),
        DateRangeFilter("on", _("Day"), column="recorded_at"),
    ),
    row_url=lambda entry: reverse("staff:audit_entry", args=[entry.pk]),
    empty=Empty(_("Nothing has been noted yet"), icon="history"),
    template="staff/audit.html",
)


@requires(VIEW_ENTRY)
@require_GET
def entries(request: HttpRequest) -> HttpResponse:
    """Who did what. The log knows no places, so only the group's staff read it."""
    actor = actor_of(request)
    reach.require_group_scope(actor)
    context = {
        "verification": audit.latest_verification(),
        "can_verify": actor.may(VERIFY_LOG),
    }
    return AUDIT.respond(request, with_names(Entry.objects.all()), context)


def with_names(rows: Rows) -> Rows:
    """``rows`` with ``name``: of the colleague who did it, else None."""
    name = StaffUser.objects.filter(pk=OuterRef("actor_id")).values("name")[:1]
    return rows.annotate(name=Subquery(name))


@requires(VIEW_ENTRY)
@never_cache
@require_GET
def entry(request: HttpRequest, entry_id: UUID) -> HttpResponse:
    """One entry: who, when, from where, and each value before and after."""
    row = _entry(request, entry_id)
    shown = None if row.sealed is not None else audit.entry_opened(row)
    return _entry_page(request, row, shown)


@requires(REVEAL_DETAIL)
@never_cache
@require_POST
@step_up
def reveal_entry(request: HttpRequest, entry_id: UUID) -> HttpResponse:
    """The personal values of an entry; that they were read is noted, too."""
    row = _entry(request, entry_id)
    return _entry_page(request, row, verifying.reveal_details(row.id, actor=actor_of(request)))


def _entry(request: HttpRequest, entry_id: UUID) -> Any:
    reach.require_group_scope(actor_of(request))
    row = with_names(Entry.objects.filter(pk=entry_id)).first()
    if row is None:
        raise NotFound()
    return row


def _entry_page(request: HttpRequest, row: Any, shown: HistoryEntry | None) -> HttpResponse:
    alike = reverse("staff:audit")
    context = {
        "entry": row,
        "title": words.action(row.action),
        "facts": [
            Fact(_("When"), formats.moment(row.recorded_at)),
            Fact(_("Who"), _who(row), url=_by_whom(alike, row)),
            Fact(_("Done by"), dict(KINDS).get(row.actor_kind, row.actor_kind)),
            Fact(
                _("Subject"),
                _subject(row),
                url=f"{alike}?q={row.subject_id}" if row.subject_id else "",
            ),
            Fact(_("Action"), row.action, url=f"{alike}?action={row.action}"),
            Fact(pgettext_lazy("audit", "From"), row.address),
            Fact(
                _("Request"),
                row.request_id,
                url=f"{alike}?q={row.request_id}" if row.request_id else "",
            ),
            Fact(_("Rows in the batch"), formats.number(len(row.ids)) if row.ids else None),
        ],
        "is_sealed": shown is None,
        "is_erased": shown is not None and shown.is_erased,
        "differences": differences(row, shown) if shown else [],
        "can_reveal": actor_of(request).may(REVEAL_DETAIL),
    }
    return render(request, "staff/audit_entry.html", context)


def _by_whom(alike: str, row: Any) -> str:
    """Everything that they did; of a member or a machine, all that names it."""
    if not row.actor_id:
        return ""
    is_staff = row.actor_kind == ActorKind.STAFF.value
    return f"{alike}?{'person' if is_staff else 'q'}={row.actor_id}"


def _subject(row: Entry) -> str:
    """What it was done to: its kind, how it is called, and the id that the log keeps."""
    id_ = str(row.subject_id or "")
    name = words.record(row.subject_type, id_) if id_ else ""
    kind = words.subject(row.subject_type)
    return " · ".join(part for part in (f"{kind} {name}".strip(), id_) if part)


@dataclass(frozen=True, slots=True)
class Told:
    """A value in words, with the code that the log keeps where that says something else."""

    words: str
    code: str = ""


@dataclass(frozen=True, slots=True)
class Difference:
    """A field before and after; ``code`` is empty where the field has no words of its own."""

    field: str
    code: str
    before: Told
    after: Told
    differs: bool


def differences(entry: Entry, shown: HistoryEntry) -> list[Difference]:
    """Each field before and after, by the names of the fields."""
    before, after = shown.before or {}, shown.after or {}
    return [
        Difference(
            said := words.field(entry.action, code),
            "" if said == code else code,
            _told(entry, code, before.get(code)),
            _told(entry, code, after.get(code)),
            before.get(code) != after.get(code),
        )
        for code in sorted(before.keys() | after.keys())
    ]


def _told(entry: Entry, field: str, value: Any) -> Told:
    """In words: choices, yes and no, moments. All else as it is."""
    if value is None or value in ("", []):
        return Told("")
    if isinstance(value, bool):
        return Told(gettext("Yes") if value else gettext("No"))
    if isinstance(value, str) and (said_when := _when(field, value)):
        return Told(said_when)
    parts = value if isinstance(value, list) else [value]
    if all(isinstance(part, str) for part in parts) and any(
        said := [words.value(entry.action, entry.subject_type, field, part) for part in parts]
    ):
        named = [one or part for one, part in zip(said, parts, strict=True)]
        return Told(gettext(", ").join(named), ", ".join(parts))
    return Told(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))


def _when(field: str, value: str) -> str:
    """A moment or a day as people read it; empty where the field is neither."""
    if field.endswith(_MOMENTS) and (at := parse_datetime(value)) and at.tzinfo:
        return formats.moment(at)
    if field.endswith(_DAYS) and (day := parse_date(value)):
        return formats.day(day)
    return ""


@requires(VERIFY_LOG)
@require_POST
def verify(request: HttpRequest) -> HttpResponse:
    """Let a job recompute the chain of seals."""
    actor = actor_of(request)
    reach.require_group_scope(actor)
    verifying.ask_for_verification(actor=actor)
    messages.success(request, gettext("The seal is being verified. The result appears here."))
    return redirect("staff:audit")


@requires(VIEW_ENTRY)
@require_GET
def verification(request: HttpRequest) -> HttpResponse:
    """The latest verification, for the page to ask until it is finished."""
    reach.require_group_scope(actor_of(request))
    context = {"verification": audit.latest_verification()}
    return render(request, "staff/audit_verification.html", context)
