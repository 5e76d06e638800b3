"""API keys: which machines come in, what they may, when they last did."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from mallard.kernel.access.guards import actor_of, requires
from mallard.kernel.access.step_up import step_up
from mallard.kernel.clock import now
from mallard.kernel.errors import Conflict, Forbidden, Invalid
from mallard.kernel.ui import formats
from mallard.kernel.ui.filters import BooleanFilter, SearchFilter
from mallard.kernel.ui.forms import add_refusal
from mallard.kernel.ui.lists import Column, Empty, ListPage
from mallard.kernel.ui.parts import Badge, Fact
from mallard.world.staff import queries, services
from mallard.world.staff.forms import KeyForm
from mallard.world.staff.models import ApiKey
from mallard.world.staff.permissions import MANAGE_API_KEY
from mallard.world.staff.places import place_names, place_options, scope_in_words
from mallard.world.staff.wording import permissions_by_area


def state_of(key: ApiKey) -> Badge:
    if key.revoked_at is not None:
        return Badge(_("Revoked"), "neutral")
    if key.expires_at is not None and key.expires_at <= now():
        return Badge(_("Expired"), "neutral")
    if queries.is_key_old(key):
        return Badge(_("Old: renew it"), "warning")
    return Badge(_("Active"), "success")


KEYS = ListPage(
    key="api-keys",
    title=_("API keys"),
    columns=(
        Column("name", _("Name"), "name", sort="name"),
        Column("prefix", _("Begins with"), lambda key: f"mk_{key.prefix}", from_width="md"),
        Column("owner", _("Answers for it"), "owner.name", sort="owner__name", from_width="lg"),
        Column(
            "used",
            _("Last used"),
            lambda key: formats.day(key.last_used_on) if key.last_used_on else None,
            sort="last_used_on",
        ),
        Column(
            "expires",
            _("Until"),
            lambda key: formats.day(key.expires_at) if key.expires_at else None,
            sort="expires_at",
            from_width="lg",
        ),
        Column("state", _("State"), state_of),
    ),
    default_sort="name",
    filters=(
        SearchFilter(label=_("Name"), search=lambda rows, text: rows.filter(name__icontains=text)),
        BooleanFilter("revoked", _("Revoked"), apply=lambda rows: rows.exclude(revoked_at=None)),
    ),
    row_url=lambda key: reverse("staff:key", args=[key.pk]),
    empty=Empty(
        _("No API keys yet"),
        _("A till or another system comes in by a key of its own."),
        icon="key",
        action_label=_("New key"),
        action_url=lambda _request: reverse("staff:create_key"),
    ),
    template="staff/keys.html",
)


@requires(MANAGE_API_KEY)
@require_GET
def keys(request: HttpRequest) -> HttpResponse:
    """The keys within the reader's scope."""
    return KEYS.respond(request, queries.visible_keys(actor_of(request)))


@requires(MANAGE_API_KEY)
@require_GET
def key(request: HttpRequest, key_id: UUID) -> HttpResponse:
    """A key: where and what it may, and what can be done with it."""
    row = queries.visible_key(actor_of(request), key_id)
    context = {
        "key": row,
        "state": state_of(row),
        "is_open": row.revoked_at is None and (row.expires_at is None or row.expires_at > now()),
        "facts": [
            Fact(_("Begins with"), f"mk_{row.prefix}"),
            Fact(_("Where"), scope_in_words(row.scope, place_names([row.scope]))),
            Fact(_("Answers for it"), row.owner.name if row.owner else None),
            Fact(_("Made on"), formats.day(row.created_at)),
            Fact(_("Until"), formats.day(row.expires_at) if row.expires_at else None),
            Fact(_("Last used"), formats.day(row.last_used_on) if row.last_used_on else None),
        ],
        "areas": permissions_by_area(row.permissions),
    }
    return render(request, "staff/key.html", context)


@requires(MANAGE_API_KEY)
@never_cache
@require_http_methods(["GET", "POST"])
@step_up
def create_key(request: HttpRequest) -> HttpResponse:
    """Make a key; it is shown this once."""
    actor = actor_of(request)
    form = KeyForm(request.POST or None, actor=actor)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            made = services.create_api_key(
                name=data["name"],
                scope=data["place"],
                permissions=data["permissions"],
                expires_at=now() + dt.timedelta(days=data["days"]) if data["days"] else None,
                actor=actor,
            )
        except (Invalid, Conflict, Forbidden) as error:
            add_refusal(form, error)
        else:
            return render(request, "staff/key_made.html", {"made": made})
    context = {"form": form, "options": place_options(actor.scope)}
    return render(request, "staff/new_key.html", context, status=422 if form.errors else 200)


@requires(MANAGE_API_KEY)
@never_cache
@require_POST
@step_up
def rotate_key(request: HttpRequest, key_id: UUID) -> HttpResponse:
    """A new key that may do the same; the old one opens for a day more."""
    actor = actor_of(request)
    row = queries.visible_key(actor, key_id)
    made = services.rotate_api_key(row.id, actor=actor)
    context = {"made": made, "hours": services.OVERLAP_HOURS}
    return render(request, "staff/key_made.html", context)


@requires(MANAGE_API_KEY)
@require_POST
@step_up
def revoke_key(request: HttpRequest, key_id: UUID) -> HttpResponse:
    """A key that opens nothing any more."""
    actor = actor_of(request)
    row = queries.visible_key(actor, key_id)
    services.revoke_api_key(row.id, actor=actor)
    messages.success(request, gettext("The key is revoked."))
    return redirect("staff:key", row.id)
