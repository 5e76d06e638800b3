"""The copy of a member's data: made when it is fetched, never kept."""

from __future__ import annotations

import datetime as dt
import io
import json
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.template.loader import render_to_string
from django.utils import translation
from django.utils.safestring import mark_safe
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from mallard.kernel.access.actor import Actor, ActorKind
from mallard.kernel.audit.services import record
from mallard.kernel.clock import now
from mallard.kernel.database.transactions import atomic_retrying
from mallard.kernel.secrets.services import open_keys
from mallard.kernel.ui import formats
from mallard.world.members.copies import (
    Part,
    Row,
    Subject,
    Worded,
    leave_out,
    parts,
    register_part,
    worded,
)
from mallard.world.members.models import Member
from mallard.world.members.queries import records_of, visible_member
from mallard.world.privacy.models import PrivacyRequest
from mallard.world.privacy.permissions import HANDLE_REQUEST
from mallard.world.privacy.queries import words_of

FORMAT = "mallard.member_copy"
VERSION = 1
# The file stands alone, outside of our pages and their policy: its looks travel with it.
_STYLE = mark_safe(
    "<style>body{font:16px/1.5 system-ui,sans-serif;max-width:70rem;margin:2rem auto;"
    "padding:0 1rem;color:#17201d}h2{margin-top:2rem}.wide{overflow-x:auto}"
    "table{border-collapse:collapse;width:100%;font-size:.875rem}"
    "th,td{text-align:left;vertical-align:top;padding:.375rem .5rem;overflow-wrap:anywhere;"
    "border-bottom:1px solid #dfe3df}</style>"
)
_COLUMNS = {
    "kind": pgettext_lazy("privacy", "Asked for"),
    "received_at": pgettext_lazy("privacy", "Received"),
    "status": _("State"), "asked": _("In the member’s words"),
    "answer": _("What the member was answered"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Copy:
    """A ZIP with the same data twice: for people and for machines."""

    name: str
    content: bytes


@atomic_retrying
def make_copy(member_id: UUID, *, actor: Actor) -> Copy:
    """Everything that is known of a member: `data.json` and `data.html` in a ZIP.

    The member's own, or handed over at the desk by who answers privacy requests. That it was made
    is in the audit log. Raises `MemberNotFound`, `MissingPermission`.
    """
    if actor.kind is not ActorKind.MEMBER:
        actor.require(HANDLE_REQUEST)
    member = visible_member(actor, member_id)
    records = records_of([member.pk]).get(member.pk, (member.pk,))
    subject = Subject(
        (member.pk, *(one for one in records if one != member.pk)), open_keys(records)
    )
    made_at = now()
    with translation.override(member.language):
        told = [(part, list(part.rows(subject))) for part in parts()]
        content = _zipped(
            {
                "data.json": _machine(member, told, made_at),
                "data.html": _readable(member, told, made_at),
            }
        )
    after = {"parts": [part.code for part, _rows in told], "bytes": len(content)}
    record(actor, "privacy.copy_made", "member", member.pk, after=after)
    return Copy(f"mallard-{member.number}-{made_at:%Y%m%d}.zip", content)


Told = list[tuple[Part, list[Row]]]


def _machine(member: Member, told: Told, made_at: dt.datetime) -> str:
    content = {
        "format": FORMAT,
        "version": VERSION,
        "made_at": made_at.isoformat(),
        "number": member.number,
        "parts": {
            part.code: [{code: _json(row.get(code)) for code in part.columns} for row in rows]
            for part, rows in told
        },
    }
    return json.dumps(content, ensure_ascii=False, indent=1)


def _json(value: Any) -> Any:
    if isinstance(value, dt.datetime | dt.date):
        return value.isoformat()
    if isinstance(value, Worded):
        return {"code": value.code, "words": str(value.words)}
    return value if value is None or isinstance(value, str | int | bool | list) else str(value)


def _readable(member: Member, told: Told, made_at: dt.datetime) -> str:
    sections = [
        {
            "title": part.title,
            "columns": list(part.columns.values()),
            "rows": [[_shown(row.get(code)) for code in part.columns] for row in rows],
        }
        for part, rows in told
    ]
    context = {
        "number": member.number,
        "made_at": formats.moment(made_at),
        "sections": sections,
        "style": _STYLE,
    }
    return render_to_string("privacy/copy.html", context)


def _shown(value: Any) -> str:
    if value is None or value == "":
        return "–"
    if isinstance(value, Worded):
        return str(value.words)
    if isinstance(value, bool):
        return gettext("Yes") if value else gettext("No")
    if isinstance(value, dt.datetime):
        return formats.moment(value)
    if isinstance(value, dt.date):
        return formats.day(value)
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _zipped(files: Mapping[str, str]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return target.getvalue()


def _requests(subject: Subject) -> Iterable[Row]:
    rows = list(
        PrivacyRequest.objects.select_related("task")
        .filter(member__in=subject.record_ids)
        .order_by("received_at")
    )
    words = words_of(rows)
    for row in rows:
        said = words[row.pk]
        yield {
            "kind": worded(row, "kind"),
            "received_at": row.received_at,
            "status": worded(row, "status"),
            "asked": said.asked,
            "answer": said.outcome,
        }


def register() -> None:
    """What the member asked; and what of the apps below has no part."""
    register_part(
        Part(
            "requests", _("Privacy requests"), ("privacy.PrivacyRequest",), _COLUMNS, _requests, 80
        )
    )
    leave_out(
        "tasks.Task",
        because="work of colleagues; what the member asked or what is wrong is in its own part",
    )
    # Apps beside this one that hold nothing of their own about a person.
    leave_out(
        "corrections.Correction",
        because="words between colleagues; what was right is in the profile",
    )
    leave_out("duplicates.DuplicatePair", because="compares two people: it tells of the other one")
    leave_out("intake.ImportRow", because="how a file's row became the record, which is there")
