"""Pages of webhooks."""

from __future__ import annotations

from django.urls import path

from mallard.kernel.webhooks import pages

app_name = "webhooks"
urlpatterns = [
    path("webhooks/", pages.webhook_list, name="list"),
    path("webhooks/new", pages.new_webhook, name="new"),
    path("webhooks/<uuid:webhook_id>", pages.webhook, name="webhook"),
    path("webhooks/<uuid:webhook_id>/edit", pages.change_webhook, name="change"),
    path("webhooks/<uuid:webhook_id>/secret", pages.rotate_secret, name="rotate"),
    path("webhooks/<uuid:webhook_id>/stop", pages.stop, name="stop"),
    path("webhooks/<uuid:webhook_id>/start", pages.start, name="start"),
    path("webhooks/<uuid:webhook_id>/replay", pages.replay_failed, name="replay_failed"),
    path("webhooks/<uuid:webhook_id>/<uuid:delivery_id>", pages.delivery, name="delivery"),
    path(
        "webhooks/<uuid:webhook_id>/<uuid:delivery_id>/replay", pages.replay_one, name="replay_one"
    ),
]
