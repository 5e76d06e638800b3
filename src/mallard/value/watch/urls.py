"""Console pages of this app."""

from __future__ import annotations

from django.urls import URLPattern, path

from mallard.value.watch.pages import alerts, patterns

app_name = "watch"
_ALERT = "<uuid:alert_id>/"
_TERMS = "thresholds/<uuid:terms_id>/"
urlpatterns: list[URLPattern] = [
    path("", alerts.alert_list, name="alerts"),
    path("look", alerts.look, name="look"),
    path(_ALERT, alerts.alert, name="alert"),
    path(_ALERT + "take", alerts.take, name="take"),
    path(_ALERT + "freeze", alerts.freeze, name="freeze"),
    path(_ALERT + "release", alerts.release, name="release"),
    path(_ALERT + "confirm", alerts.confirm, name="confirm"),
    path(_ALERT + "dismiss", alerts.dismiss, name="dismiss"),
    path(_ALERT + "reopen", alerts.reopen, name="reopen"),
    path("exemptions/<uuid:exemption_id>/end", alerts.end_exemption, name="end_exemption"),
    path("patterns/", patterns.patterns, name="patterns"),
    path("patterns/<slug:code>/", patterns.pattern, name="pattern"),
    path("patterns/<slug:code>/edit", patterns.edit, name="edit"),
    path(_TERMS, patterns.terms, name="terms"),
    path(_TERMS + "progress", patterns.progress, name="progress"),
    path(_TERMS + "put-in-force", patterns.put_in_force, name="put_in_force"),
]
