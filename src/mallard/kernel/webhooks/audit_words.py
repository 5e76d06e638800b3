"""The audit log in words: what this app notes there."""

from __future__ import annotations

from django.utils.translation import pgettext_lazy

from mallard.kernel.audit import words

words.of_actions(
    {
        "webhooks.webhook_created": pgettext_lazy("audit", "Webhook created"),
        "webhooks.webhook_changed": pgettext_lazy("audit", "Webhook changed"),
        "webhooks.secret_rotated": pgettext_lazy("audit", "Webhook given a new secret"),
        "webhooks.webhook_stopped": pgettext_lazy("audit", "Webhook stopped"),
        "webhooks.webhook_started": pgettext_lazy("audit", "Webhook started"),
        "webhooks.deliveries_replayed": pgettext_lazy("audit", "Webhook deliveries sent again"),
    }
)
words.of_subjects(
    {
        "webhook": pgettext_lazy("audit subject", "Webhook"),
    }
)
words.of_actors(
    {
        "webhooks": pgettext_lazy("audit actor", "Webhooks"),
    }
)
words.of_fields(
    {
        "url": pgettext_lazy("audit field", "Address"),
        "events": pgettext_lazy("audit field", "Events"),
    },
    app_label="webhooks",
)
