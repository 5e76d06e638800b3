"""Which tiers there are, on screen: one more, and another name for one."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from mallard.kernel import clock
from mallard.kernel.access.guards import actor_of, requires
from mallard.kernel.ui import form_page, formats
from mallard.value.loyalty.models import Programme, Tier
from mallard.value.loyalty.permissions import EDIT_PROGRAMME
from mallard.value.loyalty.queries import programme
from mallard.value.loyalty.services import add_tier, rename_tier, require_whole_group
from mallard.value.loyalty.tier_list_forms import NewTierForm, RenameTierForm


@dataclass(frozen=True, slots=True)
class Listed:
    """A tier with what becomes of it later."""

    tier: Tier
    coming: str


def listed(row: Programme) -> list[Listed]:
    """The programme's tiers, lowest first, those that have not begun among them."""
    return [Listed(tier, coming_of(tier)) for tier in row.tiers.all()]


def coming_of(tier: Tier) -> str:
    """When a tier begins, or has another name; empty when nothing is to come."""
    today = clock.now().date()
    if not tier.has_begun(today) and tier.starts_on is not None:
        return gettext("Begins on %(day)s") % {"day": formats.day(tier.starts_on)}
    if tier.renamed_on is not None and tier.renamed_on > today:
        told = {"name": tier.name_on(tier.renamed_on), "day": formats.day(tier.renamed_on)}
        return gettext("%(name)s from %(day)s on") % told
    return ""


@requires(EDIT_PROGRAMME)
def new_tier(request: HttpRequest) -> HttpResponse:
    """One more tier, from a business day on."""
    actor = actor_of(request)
    require_whole_group(actor)
    tiers = list(Tier.objects.filter(programme_id=programme().id))
    form = NewTierForm(request.POST or None, facts=programme(), tiers=tiers)
    back = reverse("loyalty:change")
    return form_page.respond(
        request,
        form,
        save=lambda data: add_tier(form.to_input(), starts_on=data["starts_on"], actor=actor),
        title=gettext("New tier"),
        done=_("The tier is set. Earlier days keep what they had."),
        next_url=lambda _row: back,
        back_url=back,
        back_label=_("Change the programme"),
        template="loyalty/tiers_form.html",
    )


@requires(EDIT_PROGRAMME)
def rename(request: HttpRequest, code: str) -> HttpResponse:
    """Another name for a tier, from a day on."""
    actor = actor_of(request)
    require_whole_group(actor)
    tier = get_object_or_404(Tier, programme_id=programme().id, code=code)
    form = RenameTierForm(request.POST or None, tier=tier)
    back = reverse("loyalty:change")
    return form_page.respond(
        request,
        form,
        save=lambda data: rename_tier(code, actor=actor, **data),
        title=gettext("Rename %(tier)s") % {"tier": tier.name},
        done=_("The name is set."),
        next_url=lambda _row: back,
        back_url=back,
        back_label=_("Change the programme"),
    )
