"""Data quality on members' screens: filters of the members list and a panel on a member's page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from mallard.kernel.access.actor import Actor
from mallard.kernel.provenance import Origin
from mallard.kernel.ui.formats import day as shown_day
from mallard.world.intake.models import ImportRow, RowAction
from mallard.world.intake.queries import visible_imports
from mallard.world.members import panels
from mallard.world.members.fields import visible_fields
from mallard.world.members.models import Identity, IdentityKind, Member, MemberStatus
from mallard.world.members.profile import PROFILE_FIELDS
from mallard.world.quality.checks import IDENTITIES
from mallard.world.quality.models import MemberQuality
from mallard.world.quality.permissions import VIEW_QUALITY

PROBLEMS: dict[str, Promise] = {
    "missing": pgettext_lazy("quality", "Missing"),
    "invalid": _("Not valid"),
    "stale": _("Stale"),
}
_PROPOSE = "corrections.propose_correction"
CORRECTED_IDENTITIES = frozenset({"phone", "email"})
"""Those that `corrections` takes: a WeChat id is not told from memory."""
_FILES_OFFERED = 50


def field_labels(actor: Actor) -> dict[str, str]:
    """The fields that the reader may see, by name, in the order of the member's page."""
    labels = {f"profile.{code}": str(one.label) for code, one in PROFILE_FIELDS.items()}
    labels |= {f"identity.{kind}": str(IdentityKind(kind).label) for kind in IDENTITIES}
    return labels | {f"custom.{one.code}": one.name for one in visible_fields(actor)}


def register() -> None:
    for offer in (
        panels.MemberFilterOffer(
            "quality", _("Data quality"), VIEW_QUALITY, choices=_problems, apply=_having, order=20
        ),
        panels.MemberFilterOffer(
            "came", _("Came in"), VIEW_QUALITY, choices=_sources, apply=_came, order=30
        ),
    ):
        panels.register_filter(offer)
    panels.register_panel(
        panels.MemberPanel(
            "quality", _("Data quality"), "quality/panel.html", VIEW_QUALITY, load=_panel,
            order=70, place="side",
        )
    )  # fmt: skip


def _problems(actor: Actor) -> list[tuple[str, str]]:
    return [
        (f"{problem}.{name}", f"{label}: {word}")
        for name, label in field_labels(actor).items()
        for problem, word in PROBLEMS.items()
    ]


def _having(rows: QuerySet[Member], value: str, _actor: Actor) -> QuerySet[Member]:
    problem, _dot, name = value.partition(".")
    found = MemberQuality.objects.filter(**{f"{problem}__contains": [name]})
    return rows.filter(pk__in=found.values("pk"), status=MemberStatus.OPEN)


def _sources(actor: Actor) -> list[tuple[str, Any]]:
    """How members came in: the channels, then the newest files that the reader may know of."""
    files = visible_imports(actor).filter(finished_at__isnull=False)[:_FILES_OFFERED]
    return [
        *((f"channel.{origin.value}", origin.label) for origin in Origin),
        *((f"file.{one.pk}", file_label(one)) for one in files),
    ]


def file_label(found: Any) -> str:
    """A file by day and size: its name is sealed and goes with it."""
    return gettext("File of %(day)s, %(rows)s rows") % {
        "day": shown_day((found.finished_at or found.created_at).date()),
        "rows": found.rows_total,
    }


def _came(rows: QuerySet[Member], value: str, _actor: Actor) -> QuerySet[Member]:
    kind, _dot, key = value.partition(".")
    if kind == "channel":
        return rows.filter(origin=key)
    made = ImportRow.objects.filter(
        member_import=UUID(key), action=RowAction.CREATE, is_done=True, is_undone=False
    )
    return rows.filter(pk__in=made.values("member"))


def _panel(view: panels.MemberInView) -> Mapping[str, Any] | None:
    """What is wrong of this member, and the way to propose what is right."""
    row = MemberQuality.objects.filter(pk=view.member.pk).first()
    if row is None or not view.member.is_open:
        return None
    labels = field_labels(view.actor)
    may_propose = view.actor.may(_PROPOSE)
    # What is merely missing of a dozen facts would hide what is wrong.
    lines = [
        (labels[name], word, _proposal(view, problem, name) if may_propose else "")
        for problem, word in PROBLEMS.items()
        for name in getattr(row, problem)
        if name in labels and (problem != "missing" or name in _WANTED)
    ]
    return {"lines": lines, "checked_at": row.checked_at} if lines else None


_WANTED = frozenset({"profile.name", "profile.gender", "profile.birth_date", "identity.phone"})


def _proposal(view: panels.MemberInView, problem: str, name: str) -> str:
    """The way to propose what is right; where an identity is wrong and the only one of its kind,
    to put another in its place."""
    family, _dot, code = name.partition(".")
    if family == "identity" and code not in CORRECTED_IDENTITIES:
        return ""
    field = code if family == "profile" else name
    if family == "identity" and problem != "missing":
        held = Identity.objects.filter(member__in=view.record_ids, kind=code, closed_at=None)
        ids = list(held.values_list("pk", flat=True)[:2])
        field = f"{code}.{ids[0].hex}" if len(ids) == 1 else name
    return reverse("corrections:new", args=["member", view.member.pk]) + f"?field={field}"
