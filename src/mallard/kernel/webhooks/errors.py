"""What can be wrong with a webhook."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from mallard.kernel.errors import Conflict, Forbidden, Invalid, NotFound


class AddressInvalid(Invalid):
    code = "webhooks.address_invalid"
    message = _("This is not a web address.")


class AddressNotSecure(Invalid):
    code = "webhooks.address_not_secure"
    message = _("Use an https address.")


class AddressNotPublic(Invalid):
    code = "webhooks.address_not_public"
    message = _("This address leads into a private network, where webhooks are not sent.")


class EventsNeeded(Invalid):
    code = "webhooks.events_needed"
    message = _("Choose at least one event.")


class NoSuchWebhook(NotFound):
    code = "webhooks.no_such_webhook"
    message = _("There is no such webhook.")


class WebhookIsStopped(Conflict):
    code = "webhooks.webhook_is_stopped"
    message = _("The webhook is stopped. Start it first.")


class WebhooksAreTheGroups(Forbidden):
    code = "webhooks.webhooks_are_the_groups"
    message = _("Webhooks tell of every mall: only staff of the whole group look after them.")
