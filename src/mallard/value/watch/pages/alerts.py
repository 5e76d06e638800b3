"""Alerts: the list, one of them with its evidence, and what is done about it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from mallard.kernel.access.guards import actor_of, requires
from mallard.kernel.access.step_up import step_up
from mallard.kernel.errors import DomainError
from mallard.kernel.ui import formats
from mallard.kernel.ui.filters import BooleanFilter, ChoiceFilter, DateRangeFilter
from mallard.kernel.ui.forms import add_refusal
from mallard.kernel.ui.lists import Column, Empty, ListPage
from mallard.kernel.ui.parts import Fact
from mallard.kernel.ui.templatetags.ui import at, day
from mallard.value.ledger.permissions import VIEW_WALLET
from mallard.value.wallets.permissions import FREEZE_WALLET
from mallard.value.wallets.queries import freeze_of
from mallard.value.watch import queries, services, showing
from mallard.value.watch.forms import ConfirmForm, DismissForm, ReleaseForm
from mallard.value.watch.models import UNDECIDED, Alert, AlertStatus
from mallard.value.watch.patterns import PATTERNS
from mallard.value.watch.permissions import HANDLE_ALERT, VIEW_ALERT
from mallard.world.malls.queries import malls_in
from mallard.world.members.queries import records_of

EVIDENCE_A_PAGE = 50


def undecided(request: HttpRequest) -> QuerySet[Alert]:
    """The alerts that wait for a decision, for the menu."""
    return queries.visible_alerts(actor_of(request)).filter(status__in=UNDECIDED)


def _malls(request: HttpRequest) -> list[tuple[str, str]]:
    return [
        (str(mall.pk), mall.name) for mall in malls_in(actor_of(request).scope).order_by("code")
    ]


ALERTS = ListPage(
    key="fraud_alerts",
    title=_("Fraud watch"),
    columns=(
        Column("pattern", _("Pattern"), lambda row: showing.pattern_name(row.pattern)),
        Column("score", _("Score"), showing.score, sort="score", plain="score"),
        Column(
            "points",
            _("Points at stake"),
            lambda row: formats.number(row.points),
            sort="points",
            plain="points",
            align="end",
        ),
        Column("place", pgettext_lazy("fraud alert", "Where"), showing.place, from_width="md"),
        Column("member", _("Member"), lambda row: row.shown_member, from_width="sm"),
        Column("recorder", _("Given by"), showing.recorder, from_width="lg", is_personal=True),
        Column(
            "last", _("Last fact"), lambda row: day(row.last_at), sort="last_at", from_width="md"
        ),
        Column(
            "owner", _("Looked into by"), lambda row: row.owner and row.owner.name, is_shown=False
        ),
        Column("state", _("State"), showing.state, sort="status"),
    ),
    default_sort="-score",
    filters=(
        ChoiceFilter("status", _("State"), choices=AlertStatus.choices, column="status"),
        ChoiceFilter(
            "pattern",
            _("Pattern"),
            choices=[(code, pattern.name) for code, pattern in PATTERNS.items()],
            column="pattern",
        ),
        ChoiceFilter("mall", _("Mall"), choices=_malls, column="mall"),
        DateRangeFilter("last", _("Last fact"), column="last_at"),
        BooleanFilter(
            "frozen",
            _("Points frozen"),
            apply=lambda rows: rows.filter(frozen_at__isnull=False, released_at=None),
        ),
        BooleanFilter("all", _("Decided ones, too"), apply=lambda rows: rows),
    ),
    row_url=lambda row: reverse("watch:alert", args=[row.pk]),
    empty=Empty(
        _("No alert waits"),
        _("Every night the watch looks for fraud; what it finds appears here."),
        icon="shield-check",
    ),
    template="watch/list.html",
)


@requires(VIEW_ALERT)
@require_safe
def alert_list(request: HttpRequest) -> HttpResponse:
    """Alerts of the reader's stores, the strongest first; at first those that wait."""
    actor = actor_of(request)
    rows = queries.with_shown_member(queries.visible_alerts(actor), actor)
    if not request.GET.get("status") and request.GET.get("all") != "1":
        rows = rows.filter(status__in=UNDECIDED)
    context = {"run": queries.latest_run(), "may_look": actor.may(HANDLE_ALERT)}
    return ALERTS.respond(request, rows, context)


def _facts(row: Alert, member: str | None) -> list[Fact]:
    wallet = reverse("members:detail", args=[row.member_id]) if member and row.member_id else ""
    zone = showing.zone_of(row)
    facts = [
        Fact(_("Score"), showing.score(row)),
        Fact(_("Points at stake"), showing.at_stake(row)),
        Fact(pgettext_lazy("fraud alert", "Where"), showing.place(row)),
    ]
    if row.member_id is not None:
        facts.append(Fact(_("Member"), member, url=wallet))
    if row.staff_id is not None or row.till_id is not None:
        facts.append(Fact(_("Given by"), showing.recorder(row)))
    facts += [
        Fact(_("First fact"), at(row.first_at, zone)),
        Fact(_("Last fact"), at(row.last_at, zone)),
        Fact(_("Found"), at(row.found_at)),
    ]
    if row.grown_at is not None:
        facts.append(Fact(_("Grown"), at(row.grown_at)))
    facts.append(Fact(_("Looked into by"), row.owner.name if row.owner else None))
    if row.decided_at is not None:
        name = row.decided_by.name if row.decided_by else ""
        facts.append(Fact(_("Decided"), format_html("{} · {}", name, at(row.decided_at))))
    return facts


def _page(request: HttpRequest, row: Alert, *, status: int = 200, **changed: Any) -> HttpResponse:
    actor = actor_of(request)
    seen = showing.seen_members([row.member_id] if row.member_id else [], actor)
    member = seen.get(row.member_id) if row.member_id else None
    frozen = None
    if row.member_id is not None and member is not None and actor.may(VIEW_WALLET):
        frozen = freeze_of(records_of([row.member_id])[row.member_id])
    may_handle = actor.may(HANDLE_ALERT)
    may_freeze = may_handle and actor.may(FREEZE_WALLET) and member is not None
    evidence = Paginator(
        row.evidence.select_related("store").order_by("-occurred_at", "fact_id"), EVIDENCE_A_PAGE
    ).get_page(request.GET.get("page"))
    pattern = PATTERNS.get(row.pattern)
    context = {
        "alert": row,
        "title": showing.pattern_name(row.pattern),
        "state": showing.state(row),
        "why": showing.why(row),
        "pattern": pattern,
        "facts": _facts(row, member),
        "evidence": evidence,
        "evidence_rows": showing.evidence_rows(row, list(evidence), actor),
        "reason": queries.reason_of(row),
        "related": [
            {"row": one, "name": showing.pattern_name(one.pattern), "state": showing.state(one)}
            for one in queries.related_alerts(row, actor)
        ],
        "exemptions": [
            {"row": one, "about": showing.about(one, actor)}
            for one in row.exemptions.select_related("member", "staff", "till", "store", "made_by")
        ],
        "member_shown": member,
        "frozen": frozen,
        "may_take": may_handle and row.is_undecided and row.owner_id is None,
        "may_decide": may_handle and row.is_undecided,
        "may_reopen": may_handle and not row.is_undecided,
        "may_end": may_handle,
        "may_freeze": may_freeze and frozen is None and row.status != AlertStatus.FALSE_ALARM,
        "may_release": may_freeze and frozen is not None and row.is_frozen,
        "confirm_form": ConfirmForm(auto_id="confirm_%s"),
        "dismiss_form": DismissForm(alert=row, auto_id="dismiss_%s"),
        "release_form": ReleaseForm(auto_id="release_%s"),
    }
    return render(request, "watch/alert.html", context | changed, status=status)


@requires(VIEW_ALERT)
@never_cache
@require_safe
def alert(request: HttpRequest, alert_id: UUID) -> HttpResponse:
    """One alert: why, with which evidence, and what can be done."""
    return _page(request, queries.visible_alert(actor_of(request), alert_id))


def _do(request: HttpRequest, alert_id: UUID, act: Callable[[], None], done: str) -> HttpResponse:
    """An act without a form, and back to the alert."""
    try:
        act()
    except DomainError as error:
        if error.status in (403, 404):
            raise
        messages.error(request, error.sentence)
    else:
        messages.success(request, done)
    return redirect("watch:alert", alert_id)


@requires(HANDLE_ALERT)
@require_POST
def take(request: HttpRequest, alert_id: UUID) -> HttpResponse:
    """Look into it."""
    actor = actor_of(request)
    done = gettext("It is yours to look into.")
    return _do(request, alert_id, lambda: services.take_alert(alert_id, actor=actor), done)


@requires(HANDLE_ALERT)
@require_POST
@step_up
def freeze(request: HttpRequest, alert_id: UUID) -> HttpResponse:
    """Let nothing be spent by the member."""
    actor = actor_of(request)
    actor.require(FREEZE_WALLET)
    done = gettext("The points are frozen: they are earned on, but none can be spent.")
    return _do(request, alert_id, lambda: services.freeze_points(alert_id, actor=actor), done)


@requires(HANDLE_ALERT)
@require_POST
def reopen(request: HttpRequest, alert_id: UUID) -> HttpResponse:
    """Look into it again."""
    actor = actor_of(request)
    done = gettext("It is open again, and yours to look into.")
    return _do(request, alert_id, lambda: services.reopen_alert(alert_id, actor=actor), done)


def _decide(
    request: HttpRequest, alert_id: UUID, name: str, form: Any, act: Callable[[], None], done: str
) -> HttpResponse:
    """A form on the alert's page: errors beside the field, nothing typed is lost."""
    row = queries.visible_alert(actor_of(request), alert_id)
    opened = {f"{name}_form": form, "opened": name}
    if not form.is_valid():
        return _page(request, row, status=422, **opened)
    try:
        act()
    except DomainError as error:
        if error.status in (403, 404):
            raise
        if error.status == 409:
            messages.error(request, error.sentence)
            return redirect("watch:alert", alert_id)
        add_refusal(form, error)
        return _page(request, row, status=422, **opened)
    messages.success(request, done)
    return redirect("watch:alert", alert_id)


@requires(HANDLE_ALERT)
@require_POST
@step_up
def release(request: HttpRequest, alert_id: UUID) -> HttpResponse:
    """Let the points be spent again."""
    actor = actor_of(request)
    actor.require(FREEZE_WALLET)
    form = ReleaseForm(request.POST, auto_id="release_%s")
    return _decide(
        request,
        alert_id,
        "release",
        form,
        lambda: services.release_points(alert_id, reason=form.cleaned_data["reason"], actor=actor),
        gettext("The points can be spent again."),
    )


@requires(HANDLE_ALERT)
@require_POST
@step_up
def confirm(request: HttpRequest, alert_id: UUID) -> HttpResponse:
    """It is fraud."""
    actor = actor_of(request)
    form = ConfirmForm(request.POST, auto_id="confirm_%s")
    return _decide(
        request,
        alert_id,
        "confirm",
        form,
        lambda: services.confirm_alert(alert_id, reason=form.cleaned_data["reason"], actor=actor),
        gettext("Confirmed. It counts for how well the pattern does."),
    )


@requires(HANDLE_ALERT)
@require_POST
@step_up
def dismiss(request: HttpRequest, alert_id: UUID) -> HttpResponse:
    """It is a false alarm."""
    actor = actor_of(request)
    row = queries.visible_alert(actor, alert_id)
    form = DismissForm(request.POST, alert=row, auto_id="dismiss_%s")
    return _decide(
        request,
        alert_id,
        "dismiss",
        form,
        lambda: services.dismiss_alert(alert_id, **form.arguments(), actor=actor),
        gettext("Noted as a false alarm."),
    )


@requires(HANDLE_ALERT)
@require_POST
def end_exemption(request: HttpRequest, exemption_id: UUID) -> HttpResponse:
    """Say it again from now on."""
    actor = actor_of(request)
    found = queries.visible_exemption(actor, exemption_id)
    done = gettext("The exemption has ended.")
    return _do(request, found.alert_id, lambda: services.end_exemption(found.pk, actor=actor), done)


@requires(HANDLE_ALERT)
@require_POST
def look(request: HttpRequest) -> HttpResponse:
    """Look now instead of tonight."""
    services.start_looking(actor=actor_of(request))
    messages.success(request, gettext("The watch is looking. Look again in a minute."))
    return redirect("watch:alerts")
