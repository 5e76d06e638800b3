"""Pairs that may be one person, and what somebody decides about each."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from mallard.kernel.access.actor import Actor
from mallard.kernel.access.guards import actor_of, requires
from mallard.kernel.access.step_up import step_up
from mallard.kernel.errors import DomainError, Invalid
from mallard.kernel.ui import formats
from mallard.kernel.ui.filters import ChoiceFilter
from mallard.kernel.ui.lists import Column, Empty, ListPage
from mallard.kernel.ui.marks import Tone
from mallard.kernel.ui.parts import Badge, Fact
from mallard.kernel.ui.templatetags.ui import day
from mallard.world.duplicates import services
from mallard.world.duplicates.models import DuplicatePair, PairStatus
from mallard.world.duplicates.queries import visible_pair, visible_pairs
from mallard.world.members.models import Member
from mallard.world.members.permissions import MERGE_MEMBER, VIEW_NAME
from mallard.world.members.portraits import portrait
from mallard.world.members.queries import last_visits

REASONS: dict[str, Promise] = {
    "name_equal": _("Same name"),
    "name_parts": _("Same words in the name"),
    "name_close": _("Names one letter apart"),
    "name_differs": _("Different names"),
    "birthday_equal": _("Same date of birth"),
    "birthday_other_year": _("Same birthday, another year"),
    "birthday_differs": _("Different dates of birth"),
    "gender_equal": _("Same gender"),
    "gender_differs": _("Different gender"),
    "last_four_equal": _("Same last four of phone, card or plate"),
    "last_four_differs": _("Different last four"),
    "former_identity": _("One was known by what the other is known by now"),
}
_TONES: dict[str, Tone] = {"open": "info", "merged": "success"}


def waiting(request: HttpRequest) -> QuerySet[DuplicatePair]:
    """The pairs that wait for a decision, for the menu."""
    return visible_pairs(actor_of(request)).filter(status=PairStatus.OPEN)


def reasons(pair: DuplicatePair) -> list[tuple[Badge, int]]:
    """Each piece of evidence as a badge, for or against, with its weight."""
    return [
        (
            Badge(
                REASONS.get(each["code"], each["code"]),
                "success" if each["weight"] > 0 else "warning",
            ),
            each["weight"],
        )
        for each in pair.evidence
    ]


def _reasons(pair: DuplicatePair) -> Any:
    return format_html_join(" ", "{}", ((badge,) for badge, _w in reasons(pair))) or None


def _numbers(pair: DuplicatePair) -> Any:
    return format_html("{} · {}", pair.first.number, pair.second.number)


def _chance(pair: DuplicatePair) -> str:
    return formats.percent(pair.permille, 1000)


def _state(pair: DuplicatePair) -> Badge:
    return Badge(PairStatus(pair.status).label, _TONES.get(pair.status, "neutral"))


PAIRS = ListPage(
    key="duplicates",
    title=_("Duplicates"),
    columns=(
        Column("members", _("Members"), _numbers),
        Column("chance", _("Likelihood"), _chance, sort="permille", align="end"),
        Column("reasons", _("For and against"), _reasons, from_width="md"),
        Column("state", _("State"), _state, sort="status"),
        Column("found", _("Found"), lambda p: day(p.found_at), sort="found_at", from_width="lg"),
    ),
    default_sort="-chance",
    filters=(ChoiceFilter("status", _("State"), choices=PairStatus.choices),),
    row_url=lambda pair: reverse("duplicates:pair", args=[pair.pk]),
    empty=Empty(
        _("No duplicates"),
        _("Every night members are compared; who may be one person appears here."),
        icon="users",
    ),
    template="duplicates/list.html",
)


@requires(MERGE_MEMBER)
@require_safe
def pair_list(request: HttpRequest) -> HttpResponse:
    """The pairs of which the reader may know both; at first those that wait."""
    rows = visible_pairs(actor_of(request))
    if "status" not in request.GET:
        rows = rows.filter(status=PairStatus.OPEN)
    return PAIRS.respond(request, rows)


def _side(member: Member, actor: Actor) -> dict[str, Any]:
    shown = portrait(member, actor)
    place = member.enrolled_store or member.enrolled_mall
    visit = last_visits([member.id], actor.scope).get(member.id)
    facts = [
        Fact(_("Number"), member.number),
        Fact(_("Full name"), shown.name or None),
        *(Fact(each.kind_name, each.masked) for each in shown.identities),
        *(Fact(fact.label, fact.value) for fact in shown.facts),
        *(Fact(one.field.name, one.value) for one in shown.custom),
        Fact(_("Joined"), day(member.joined_at)),
        Fact(_("Enrolled at"), place.name if place else None),
        Fact(_("Last visit"), day(visit)),
    ]
    return {"member": member, "name": shown.name or member.number, "facts": facts}


@requires(MERGE_MEMBER)
@never_cache
@require_safe
def pair(request: HttpRequest, pair_id: UUID) -> HttpResponse:
    """Two records side by side, with what speaks for and against their being one person."""
    actor = actor_of(request)
    actor.require(VIEW_NAME)
    found = visible_pair(actor, pair_id)
    context = {
        "pair": found,
        "state": _state(found),
        "chance": _chance(found),
        "reasons": [
            (format_html("{}", badge), format_weight(weight)) for badge, weight in reasons(found)
        ],
        "sides": [_side(found.first, actor), _side(found.second, actor)],
        "is_open": found.status == PairStatus.OPEN,
        "is_different": found.status == PairStatus.DIFFERENT,
    }
    return render(request, "duplicates/pair.html", context)


def format_weight(weight: int) -> str:
    """How many times likelier (or less likely) it makes one person, in words."""
    times = 2 ** (abs(weight) / 100)
    figure = formats.number(round(times)) if times >= 10 else formats.number(max(2, round(times)))
    if weight > 0:
        return gettext("%(times)s times likelier") % {"times": figure}
    return gettext("%(times)s times less likely") % {"times": figure}


def _next(request: HttpRequest) -> HttpResponse:
    """On to the likeliest pair that waits, else back to the list."""
    rest = visible_pairs(actor_of(request)).filter(status=PairStatus.OPEN)
    following = rest.order_by("-permille", "id").first()
    if following is None:
        return redirect("duplicates:list")
    return redirect("duplicates:pair", following.pk)


@requires(MERGE_MEMBER)
@require_POST
@step_up
def merge(request: HttpRequest, pair_id: UUID) -> HttpResponse:
    """It is one person; the reader chose who stands for both."""
    actor = actor_of(request)
    found = visible_pair(actor, pair_id)
    try:
        survivor_id = UUID(request.POST.get("survivor", ""))
    except ValueError:
        raise Invalid() from None
    try:
        services.merge_pair(found.pk, survivor_id=survivor_id, actor=actor)
    except DomainError as error:
        if error.status == 404:
            raise
        messages.error(request, error.sentence)
        return redirect("duplicates:pair", found.pk)
    messages.success(request, gettext("Merged. Nothing was moved; the member page can undo it."))
    return _next(request)


@requires(MERGE_MEMBER)
@require_POST
def different(request: HttpRequest, pair_id: UUID) -> HttpResponse:
    """They are two people."""
    actor = actor_of(request)
    services.tell_apart(visible_pair(actor, pair_id).pk, actor=actor)
    messages.success(request, gettext("Told apart; they will not be proposed again."))
    return _next(request)


@requires(MERGE_MEMBER)
@require_POST
def reconsider(request: HttpRequest, pair_id: UUID) -> HttpResponse:
    """Look at two people again."""
    actor = actor_of(request)
    found = visible_pair(actor, pair_id)
    services.reconsider(found.pk, actor=actor)
    return redirect("duplicates:pair", found.pk)


@requires(MERGE_MEMBER)
@require_POST
def search(request: HttpRequest) -> HttpResponse:
    """Compare members now instead of tonight."""
    services.start_search(actor=actor_of(request))
    messages.success(request, gettext("Members are being compared. Look again in a minute."))
    return redirect("duplicates:list")
