"""The 360° page of a member."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from mallard.kernel.access.actor import Actor
from mallard.kernel.access.guards import actor_of, requires
from mallard.kernel.provenance import Origin
from mallard.kernel.ui.parts import Badge, Fact
from mallard.kernel.ui.templatetags.ui import day
from mallard.world.members import permissions
from mallard.world.members.forms import ConsentForm, IdentityForm, NoteForm, TagForm
from mallard.world.members.models import (
    Member,
    MemberStatus,
)
from mallard.world.members.pages.lists import status_badge
from mallard.world.members.panels import (
    MemberInView,
    actions_for,
    asked,
    marks_for,
    panels_for,
)
from mallard.world.members.persons import merged_into
from mallard.world.members.portraits import Portrait, portrait
from mallard.world.members.queries import (
    FOR_GUARDIANS,
    children_without_guardian,
    current_consents,
    last_visits,
    records_of,
    visible_member,
)
from mallard.world.members.tagging import usable_tags
from mallard.world.members.timelines import choices_for, place_from, timeline_of

_ABILITIES = {
    "change": permissions.CHANGE_MEMBER,
    "close": permissions.CLOSE_MEMBER,
    "erase": permissions.ERASE_MEMBER,
    "merge": permissions.MERGE_MEMBER,
    "reveal": permissions.REVEAL_IDENTITY,
    "consent": permissions.RECORD_CONSENT,
    "tag": permissions.TAG_MEMBER,
    "note": permissions.WRITE_NOTE,
}


@dataclass(frozen=True, slots=True)
class DrawnPanel:
    """A panel of a higher app, rendered."""

    key: str
    title: Any
    html: str


def _panels(request: HttpRequest, view: MemberInView, place: str) -> list[DrawnPanel]:
    drawn = []
    for panel in panels_for(view.actor):
        context = asked(panel.load, view) if panel.place == place else None
        if context is not None:
            html = render_to_string(panel.template, dict(context), request=request)
            drawn.append(DrawnPanel(panel.key, panel.title, html))
    return drawn


def _state(badges: Sequence[Any], shown: Portrait) -> SafeString:
    """What stands under the name: the state, the marks of higher apps, whose name it is."""
    marks = [*badges]
    if shown.is_name_generated:
        marks.append(Badge(_("Generated"), "generated", "sparkles"))
    return format_html_join(" ", "{}", ((mark,) for mark in marks))


def _facts(member: Member, shown: Portrait, actor: Actor) -> list[Fact]:
    place = member.enrolled_store or member.enrolled_mall
    visit = last_visits([member.id], actor.scope).get(member.id)
    facts = [
        Fact(_("Number"), member.number),
        Fact(_("Joined"), day(member.joined_at)),
        Fact(_("Enrolled at"), place.name if place else None),
        Fact(_("Last visit"), day(visit)),
    ]
    facts += [
        Fact(
            fact.label,
            fact.value,
            hint=fact.where_from,
            is_generated=fact.origin == Origin.GENERATED,
        )
        for fact in shown.facts
    ]
    facts += [
        Fact(
            one.field.name,
            one.value,
            hint=one.where_from,
            is_generated=one.origin == Origin.GENERATED,
        )
        for one in shown.custom
    ]
    return facts


def _offers(view: MemberInView, *, is_rare: bool) -> list[tuple[Any, str, str]]:
    """The buttons of higher apps, or what they offer in the menu: label, address, icon."""
    actions = [action for action in actions_for(view.actor) if action.is_rare is is_rare]
    found = [(action, asked(action.url, view)) for action in actions]
    return [(action.label, url, action.icon) for action, url in found if url]


@requires(permissions.VIEW_MEMBER)
def member_detail(request: HttpRequest, member_id: UUID) -> HttpResponse:
    """Everything about one member, as far as the reader's scope and permissions reach."""
    actor = actor_of(request)
    member = visible_member(actor, member_id)
    records = records_of([member.id]).get(member.id, (member.id,))
    view = MemberInView(member, records, actor)
    shown = portrait(member, actor)
    is_erased = member.status == MemberStatus.ERASED
    may = {key: actor.may(code) and not is_erased for key, code in _ABILITIES.items()}
    marks = [asked(mark.load, view) for mark in marks_for(actor)]
    badges: list[Badge] = [status_badge(member), *(mark for mark in marks if mark)]
    context = {
        "member": member,
        "title": shown.name or gettext("Member %(number)s") % {"number": member.number},
        "shown": shown,
        "state": _state(badges, shown),
        "offers": _offers(view, is_rare=False),
        "rare_offers": _offers(view, is_rare=True),
        "facts": _facts(member, shown, actor),
        "consents": [
            (consent, shown.person.number_of(consent.member_id))
            for consent in current_consents([member.id])[member.id]
        ],
        "merged_records": merged_into(member, actor),
        "for_guardians": FOR_GUARDIANS if children_without_guardian([member.id]) else (),
        "main_panels": _panels(request, view, "main"),
        "side_panels": _panels(request, view, "side"),
        "may": may,
        "is_erased": is_erased,
        "is_editable": member.is_open and member.merged_into_id is None,
        "identity_form": IdentityForm(),
        "consent_form": ConsentForm(),
        "tag_form": TagForm(actor=actor),
        "usable_tags": set(usable_tags(actor).values_list("code", flat=True)),
        "note_form": NoteForm(),
    }
    return render(request, "members/detail.html", context)


@requires(permissions.VIEW_MEMBER)
@require_safe
def member_timeline(request: HttpRequest, member_id: UUID) -> HttpResponse:
    """Everything that happened, of one kind or of all, page by page; htmx takes the next lines."""
    actor = actor_of(request)
    member = visible_member(actor, member_id)
    records = records_of([member.id]).get(member.id, (member.id,))
    kinds = choices_for(actor)
    kind = request.GET.get("kind", "")
    kind = kind if kind in kinds else ""
    before = request.GET.get("before", "")
    found = timeline_of(
        MemberInView(member, records, actor),
        kind=kind,
        before=place_from(before) if before else None,
    )
    context = {"member": member, "timeline": found, "kinds": kinds, "kind": kind}
    context["is_later"] = bool(before)
    return render(request, _timeline_template(request, is_later=bool(before)), context)


def _timeline_template(request: HttpRequest, *, is_later: bool) -> str:
    """What asks: the card of the member's page, which takes it when somebody gets there; the lines
    before, for some more; or a browser for the page."""
    if request.headers.get("HX-Target") == "member-timeline":
        return "members/timeline_card.html"
    is_more = bool(request.headers.get("HX-Request")) and is_later
    return "members/timeline_more.html" if is_more else "members/timeline.html"
