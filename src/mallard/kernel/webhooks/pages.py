"""The webhook pages: who is told what, what was sent and answered, sending again."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext, ngettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from mallard.kernel.access.actor import Actor
from mallard.kernel.access.guards import actor_of, requires
from mallard.kernel.access.step_up import step_up
from mallard.kernel.errors import DomainError
from mallard.kernel.ui import form_page, formats
from mallard.kernel.ui.filters import ChoiceFilter
from mallard.kernel.ui.forms import add_refusal
from mallard.kernel.ui.lists import Column, Empty, ListPage
from mallard.kernel.ui.parts import Badge, Fact
from mallard.kernel.ui.templatetags.ui import at
from mallard.kernel.webhooks import queries, services
from mallard.kernel.webhooks.forms import WebhookForm
from mallard.kernel.webhooks.models import Delivery, DeliveryStatus, Subscription
from mallard.kernel.webhooks.permissions import MANAGE_WEBHOOK, VIEW_WEBHOOK

REASONS = {
    "person": Badge(pgettext_lazy("webhook", "Stopped"), "neutral", "ban"),
    "failures": Badge(pgettext_lazy("webhook", "Stopped after failures"), "danger", "ban"),
    "gone": Badge(pgettext_lazy("webhook", "Stopped: the receiver is gone"), "danger", "ban"),
}
STATES = {
    DeliveryStatus.WAITING.value: Badge(DeliveryStatus.WAITING.label, "info"),
    DeliveryStatus.DELIVERED.value: Badge(DeliveryStatus.DELIVERED.label, "success"),
    DeliveryStatus.FAILED.value: Badge(DeliveryStatus.FAILED.label, "danger"),
}


def state_of(found: Subscription) -> Badge:
    """How a subscription is doing."""
    if found.stopped_at is not None:
        return REASONS.get(found.stop_reason, REASONS["person"])
    if found.failing_since is not None:
        return Badge(pgettext_lazy("webhook", "Failing"), "warning", "alert-triangle")
    return Badge(pgettext_lazy("webhook", "Sending"), "success", "check")


def answer_of(delivery: Delivery) -> str:
    """What came back from the last try: a status, or the kind of error."""
    return str(delivery.response_status) if delivery.response_status else delivery.error


WEBHOOKS = ListPage(
    key="webhooks",
    title=_("Webhooks"),
    columns=(
        Column("name", _("Name"), "name", sort="name"),
        Column("url", _("Address"), "url", from_width="md"),
        Column("state", _("State"), state_of),
        Column(
            "waiting",
            pgettext_lazy("webhook", "Waiting"),
            lambda row: formats.number(row.waiting),
            align="end",
            from_width="sm",
        ),
        Column(
            "failed",
            pgettext_lazy("webhook", "Given up"),
            lambda row: formats.number(row.failed),
            align="end",
            from_width="sm",
        ),
    ),
    default_sort="name",
    row_url=lambda row: reverse("webhooks:webhook", args=[row.pk]),
    empty=Empty(
        _("No webhooks yet"),
        _("A webhook tells another system what happens here, as it happens."),
        icon="link",
    ),
    template="webhooks/list.html",
)
DELIVERIES = ListPage(
    key="deliveries",
    title=_("Deliveries"),
    columns=(
        Column("event", _("Event"), "event_name"),
        Column("created", _("Happened"), lambda row: at(row.created_at), sort="created_at"),
        Column("state", _("State"), lambda row: STATES[row.status]),
        Column("answer", pgettext_lazy("webhook", "Answer"), answer_of, from_width="md"),
        Column(
            "attempts",
            _("Tries"),
            lambda row: formats.number(row.attempts),
            align="end",
            from_width="lg",
        ),
    ),
    default_sort="-created",
    filters=(ChoiceFilter("status", _("State"), choices=DeliveryStatus.choices, column="status"),),
    row_url=lambda row: reverse("webhooks:delivery", args=[row.subscription_id, row.pk]),
    empty=Empty(_("Nothing was sent yet"), icon="send"),
    size=25,
)


def _breakable(text: str) -> str:
    """Text without spaces to break at, which a phone must break all the same."""
    return format_html('<span class="text-break">{}</span>', text) if text else ""


def _reader(request: HttpRequest) -> Actor:
    actor = actor_of(request)
    services.require_whole_group(actor)
    return actor


@requires(VIEW_WEBHOOK)
@require_safe
def webhook_list(request: HttpRequest) -> HttpResponse:
    """Every webhook and how it does."""
    may = _reader(request).may(MANAGE_WEBHOOK)
    return WEBHOOKS.respond(request, queries.subscriptions(), {"can_manage": may})


@requires(VIEW_WEBHOOK)
@require_safe
def webhook(request: HttpRequest, webhook_id: UUID) -> HttpResponse:
    """One webhook: what it is told, what it was sent."""
    actor = _reader(request)
    found = queries.subscription(webhook_id)
    context = {
        "webhook": found,
        "facts": [
            Fact(_("State"), state_of(found)),
            Fact(_("Address"), _breakable(found.url)),
            Fact(_("Events"), _breakable(", ".join(found.events))),
            Fact(_("Failing since"), at(found.failing_since) if found.failing_since else ""),
            Fact(_("Old secret signs until"), at(found.previous_until)),
        ],
        "can_manage": actor.may(MANAGE_WEBHOOK),
        "listing": DELIVERIES.bind(request, Delivery.objects.filter(subscription=found)),
    }
    return render(request, "webhooks/webhook.html", context)


@requires(MANAGE_WEBHOOK)
@never_cache
@require_http_methods(["GET", "POST"])
@step_up
def new_webhook(request: HttpRequest) -> HttpResponse:
    """Set one up; the answer shows its secret, once."""
    actor = _reader(request)
    form = WebhookForm(request.POST or None)
    if form.is_bound and form.is_valid():
        try:
            made, secret = services.create_webhook(form.to_input(), actor=actor)
        except DomainError as error:
            add_refusal(form, error)
        else:
            return _secret_page(request, made, secret)
    context = {
        "form": form,
        "title": gettext("New webhook"),
        "back_url": reverse("webhooks:list"),
        "back_label": gettext("Webhooks"),
    }
    status = 422 if form.is_bound else 200
    return render(request, form_page.TEMPLATE, context, status=status)


@requires(MANAGE_WEBHOOK)
@require_http_methods(["GET", "POST"])
@step_up
def change_webhook(request: HttpRequest, webhook_id: UUID) -> HttpResponse:
    """Another name, address or other events."""
    actor = _reader(request)
    found = queries.subscription(webhook_id)
    initial = {"name": found.name, "url": found.url, "events": found.events}
    form = WebhookForm(request.POST or None, initial=initial)
    return form_page.respond(
        request,
        form,
        save=lambda _data: services.change_webhook(webhook_id, form.to_input(), actor=actor),
        title=gettext("Change %(name)s") % {"name": found.name},
        done=_("The webhook is saved."),
        next_url=lambda _saved: reverse("webhooks:webhook", args=[webhook_id]),
        back_url=reverse("webhooks:webhook", args=[webhook_id]),
        back_label=found.name,
    )


@requires(MANAGE_WEBHOOK)
@never_cache
@require_POST
@step_up
def rotate_secret(request: HttpRequest, webhook_id: UUID) -> HttpResponse:
    """A new secret, shown once."""
    secret = services.rotate_secret(webhook_id, actor=_reader(request))
    return _secret_page(request, queries.subscription(webhook_id), secret)


def _secret_page(request: HttpRequest, found: Subscription, secret: str) -> HttpResponse:
    return render(request, "webhooks/secret.html", {"webhook": found, "secret": secret})


@requires(MANAGE_WEBHOOK)
@require_POST
def stop(request: HttpRequest, webhook_id: UUID) -> HttpResponse:
    """Send nothing more."""
    services.stop_webhook(webhook_id, actor=_reader(request))
    messages.success(request, gettext("The webhook is stopped."))
    return redirect("webhooks:webhook", webhook_id)


@requires(MANAGE_WEBHOOK)
@require_POST
def start(request: HttpRequest, webhook_id: UUID) -> HttpResponse:
    """Send again."""
    services.start_webhook(webhook_id, actor=_reader(request))
    messages.success(request, gettext("The webhook sends again, what waited first."))
    return redirect("webhooks:webhook", webhook_id)


@requires(MANAGE_WEBHOOK)
@require_POST
def replay_failed(request: HttpRequest, webhook_id: UUID) -> HttpResponse:
    """Send again all that was given up."""
    return _replay(request, webhook_id, None)


@requires(MANAGE_WEBHOOK)
@require_POST
def replay_one(request: HttpRequest, webhook_id: UUID, delivery_id: UUID) -> HttpResponse:
    """Send one delivery again."""
    return _replay(request, webhook_id, [delivery_id])


def _replay(
    request: HttpRequest, webhook_id: UUID, delivery_ids: list[UUID] | None
) -> HttpResponse:
    try:
        count = services.replay(webhook_id, delivery_ids=delivery_ids, actor=_reader(request))
    except services.WebhookIsStopped as error:
        messages.error(request, error.sentence)
    else:
        said = ngettext("%(count)s delivery is sent again.", "%(count)s are sent again.", count)
        messages.success(request, said % {"count": count})
    return redirect("webhooks:webhook", webhook_id)


@requires(VIEW_WEBHOOK)
@require_safe
def delivery(request: HttpRequest, webhook_id: UUID, delivery_id: UUID) -> HttpResponse:
    """One delivery: what was sent, what came back."""
    actor = _reader(request)
    found = queries.delivery(webhook_id, delivery_id)
    context = {
        "delivery": found,
        "facts": [
            Fact(_("State"), STATES[found.status]),
            Fact(_("Happened"), at(found.created_at)),
            Fact(_("Tries"), formats.number(found.attempts)),
            Fact(_("Last try"), at(found.tried_at)),
            Fact(pgettext_lazy("webhook", "Answer"), answer_of(found)),
            Fact(_("Milliseconds"), found.duration_ms),
            Fact(_("What the receiver said"), _breakable(found.response_text)),
        ],
        "can_manage": actor.may(MANAGE_WEBHOOK),
    }
    return render(request, "webhooks/delivery.html", context)
