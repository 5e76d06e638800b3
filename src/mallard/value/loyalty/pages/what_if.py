"""What-if on screen: drafting, trying rules, watching it run, and what came of it."""

from __future__ import annotations

from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from mallard.kernel.access.guards import actor_of, requires
from mallard.kernel.errors import DomainError
from mallard.kernel.money import Money
from mallard.kernel.ui import form_page, formats
from mallard.kernel.ui.lists import Column, Empty, ListPage
from mallard.kernel.ui.parts import Badge, Fact, Tone
from mallard.value.loyalty.errors import WhatIfNotFound
from mallard.value.loyalty.forms import EarningRuleForm
from mallard.value.loyalty.models import WhatIf, WhatIfStatus
from mallard.value.loyalty.permissions import SIMULATE
from mallard.value.loyalty.queries import ProgrammeFacts, programme, tier_names
from mallard.value.loyalty.rules import TierLevel
from mallard.value.loyalty.sentences import names_for, sentence
from mallard.value.loyalty.services import require_whole_group
from mallard.value.loyalty.tier_forms import WINDOWS
from mallard.value.loyalty.what_if_forms import WhatIfForm
from mallard.value.loyalty.whatif.draft import Draft, DraftRule
from mallard.value.loyalty.whatif.services import draft_what_if, start_what_if, try_rule
from mallard.value.loyalty.whatif.showing import STATUS_TONES, shown


def _status(row: WhatIf) -> Badge:
    tone = cast(Tone, STATUS_TONES[row.status])
    return Badge(WhatIfStatus(row.status).label, tone)


def _period(row: WhatIf) -> str:
    return f"{formats.day(row.first_day)} – {formats.day(row.last_day)}"


WHAT_IFS = ListPage(
    key="what-ifs",
    title=_("What if"),
    columns=(
        Column("name", _("Name"), "name", sort="name"),
        Column("period", _("Period"), _period, sort="first_day", from_width="sm"),
        Column("status", _("State"), _status),
        Column("created", _("Made"), lambda row: formats.moment(row.created_at), sort="created_at"),
    ),
    default_sort="-created",
    row_url=lambda row: reverse("loyalty:what_if", args=[row.pk]),
    empty=Empty(
        _("No what-if yet"),
        _("Try a rule or another tier on a past period before it costs anything."),
        icon="flask",
    ),
    template="loyalty/what_ifs.html",
)


@requires(SIMULATE)
def what_ifs(request: HttpRequest) -> HttpResponse:
    """All what-ifs, latest first."""
    require_whole_group(actor_of(request))
    return WHAT_IFS.respond(request, WhatIf.objects.all())


@requires(SIMULATE)
def new_what_if(request: HttpRequest) -> HttpResponse:
    """A period, and what would be otherwise in it."""
    actor = actor_of(request)
    require_whole_group(actor)
    back = reverse("loyalty:what_ifs")
    form = WhatIfForm(request.POST if request.method == "POST" else None)
    return form_page.respond(
        request,
        form,
        save=lambda _data: draft_what_if(**form.to_arguments(), actor=actor),
        title=gettext("New what-if"),
        done=_("The draft is kept. Nothing has changed for members."),
        next_url=lambda row: reverse("loyalty:what_if", args=[row.pk]),
        back_url=back,
        back_label=_("What if"),
        template="loyalty/what_if_form.html",
    )


@requires(SIMULATE)
def what_if(request: HttpRequest, what_if_id: UUID) -> HttpResponse:
    """A draft, how far it is, or what it came to."""
    row = _row(request, what_if_id)
    return render(request, "loyalty/what_if.html", _context(row))


@requires(SIMULATE)
def progress(request: HttpRequest, what_if_id: UUID) -> HttpResponse:
    """How far it is; once it is done, the page with the result."""
    row = _row(request, what_if_id)
    answer = render(request, "loyalty/parts/what_if_progress.html", _context(row))
    if row.status in (WhatIfStatus.DONE, WhatIfStatus.FAILED):
        answer["HX-Refresh"] = "true"
    return answer


@requires(SIMULATE)
def try_a_rule(request: HttpRequest, what_if_id: UUID) -> HttpResponse:
    """A rule for the draft, built like a real one."""
    actor = actor_of(request)
    row = _row(request, what_if_id)
    form = EarningRuleForm(request.POST if request.method == "POST" else None)
    for name in ("starts_at", "ends_at", "total_cap", "budget"):
        del form.fields[name]
    back = reverse("loyalty:what_if", args=[row.pk])

    def save(_data: dict[str, Any]) -> WhatIf:
        given = form.to_input()
        rule = DraftRule(
            given.code, given.name_en, given.name_zh, given.points, given.per_minor,
            given.tenant_share_bp, given.terms,
        )  # fmt: skip
        return try_rule(row.pk, rule, actor=actor)

    return form_page.respond(
        request,
        form,
        save=save,
        title=gettext("Try a rule"),
        done=_("The rule is in the draft."),
        next_url=lambda _row: back,
        back_url=back,
        back_label=row.name,
        template="loyalty/rule_form.html",
    )


@requires(SIMULATE)
@require_POST
def start(request: HttpRequest, what_if_id: UUID) -> HttpResponse:
    """Replay the period."""
    row = _row(request, what_if_id)
    try:
        start_what_if(row.pk, actor=actor_of(request))
    except DomainError as error:
        messages.error(request, error.sentence)
    return HttpResponseRedirect(reverse("loyalty:what_if", args=[row.pk]))


def _row(request: HttpRequest, what_if_id: UUID) -> WhatIf:
    require_whole_group(actor_of(request))
    row = WhatIf.objects.filter(pk=what_if_id).first()
    if row is None:
        raise WhatIfNotFound()
    return row


def _context(row: WhatIf) -> dict[str, Any]:
    facts = programme()
    draft = Draft.from_json(row.draft, facts.tiers)
    versions = [rule.version() for rule in draft.rules]
    names = names_for(versions)
    return {
        "row": row,
        "status": _status(row),
        "facts": _facts(row),
        "rules": [sentence(version, names, facts.currency) for version in versions],
        "left_out": draft.left_out,
        "tiers": [
            *_counting_changes(facts, draft),
            *_tier_changes(facts.tiers, draft.tiers, facts.currency),
        ],
        "is_draft": row.status == WhatIfStatus.DRAFT,
        "is_busy": row.status in (WhatIfStatus.WAITING, WhatIfStatus.RUNNING),
        "is_failed": row.status == WhatIfStatus.FAILED,
        "result": shown(row, facts) if row.status == WhatIfStatus.DONE else None,
    }


def _facts(row: WhatIf) -> list[Fact]:
    facts = [
        Fact(_("Period"), _period(row)),
        Fact(_("State"), _status(row)),
        Fact(_("Made"), formats.moment(row.created_at)),
    ]
    if row.seconds is not None:
        seconds = gettext("%(seconds)s seconds") % {"seconds": formats.number(row.seconds)}
        facts.append(Fact(_("It took"), seconds))
    return facts


def _counting_changes(facts: ProgrammeFacts, draft: Draft) -> list[str]:
    """How points would expire, and what would count towards tiers."""
    told = []
    if draft.expiry_months:
        months = {"months": formats.number(draft.expiry_months)}
        told.append(gettext("Points expire after %(months)s months") % months)
    counting = draft.counting
    if counting is not None:
        told.append(str(dict(WINDOWS)[counting.window]))
        told.append(gettext("%(days)s days of grace") % {"days": counting.grace_days})
    if counting is not None and counting.value_per_minor:
        amount = formats.money(Money(counting.value_per_minor, facts.currency))
        told.append(gettext("One qualifying value for every %(amount)s") % {"amount": amount})
    if counting is not None and counting.value_per_visit:
        value = {"value": formats.number(counting.value_per_visit)}
        told.append(gettext("%(value)s qualifying value for each visit") % value)
    return told


def _tier_changes(
    was: tuple[TierLevel, ...], now: tuple[TierLevel, ...], currency: str
) -> list[str]:
    names = tier_names()
    return [
        gettext("%(tier)s: %(told)s")
        % {"tier": names.get(level.code, level.code), "told": _takes(level, currency)}
        for before, level in zip(was, now, strict=False)
        if before != level
    ]


def _takes(level: TierLevel, currency: str) -> str:
    """What a tier of the draft takes and gives."""
    bonus = formats.percent(level.bonus_bp, 10_000, digits=0)
    if level.by_invitation:
        return gettext("by invitation only, bonus %(bonus)s") % {"bonus": bonus}
    told = {
        "spend": formats.money(Money(level.spend_minor, currency)),
        "visits": formats.number(level.visits),
        "value": formats.number(level.value),
        "bonus": bonus,
    }
    if level.value:
        text = gettext(
            "from %(spend)s, %(visits)s visits and %(value)s qualifying value, bonus %(bonus)s"
        )
        return text % told
    return gettext("from %(spend)s and %(visits)s visits, bonus %(bonus)s") % told
