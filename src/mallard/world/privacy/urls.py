"""Console pages of this app."""

from __future__ import annotations

from django.urls import URLPattern, path

from mallard.world.privacy import children, pages

app_name = "privacy"
_REQUEST = "<uuid:request_id>/"
urlpatterns: list[URLPattern] = [
    path("", pages.request_list, name="list"),
    path("children", children.child_list, name="children"),
    path("guardian/<uuid:member_id>", children.record_consent, name="guardian"),
    path("guardian/<uuid:member_id>/withdraw", children.withdraw_consent, name="guardian_withdraw"),
    path("new/<uuid:member_id>", pages.new, name="new"),
    path(_REQUEST, pages.detail, name="request"),
    path(_REQUEST + "answer", pages.answer, name="answer"),
    path(_REQUEST + "copy", pages.hand_copy, name="copy"),
    path(_REQUEST + "refuse", pages.refuse, name="refuse"),
]
