"""Console pages of wallets."""

from __future__ import annotations

from django.urls import path

from mallard.value.wallets import pages

app_name = "wallets"
urlpatterns = [
    path("requests/", pages.requests, name="requests"),
    path("requests/<uuid:request_id>/", pages.request_page, name="request"),
    path("requests/<uuid:request_id>/decide", pages.decide, name="decide"),
    path("<uuid:member_id>/", pages.wallet, name="wallet"),
    path("<uuid:member_id>/adjust", pages.adjust, name="adjust"),
    path("<uuid:member_id>/freeze", pages.freeze, name="freeze"),
    path("<uuid:member_id>/lift-cool-down", pages.lift, name="lift"),
    path("<uuid:member_id>/release", pages.release, name="release"),
    path("<uuid:member_id>/family", pages.grant, name="family"),
    path("<uuid:member_id>/family/<uuid:right_id>/end", pages.end_family, name="end_family"),
    path("<uuid:member_id>/give", pages.give, name="give"),
    path("<uuid:member_id>/lots/<uuid:lot_id>/extend", pages.extend, name="extend"),
    path("<uuid:member_id>/lots/<uuid:lot_id>/revive", pages.revive, name="revive"),
]
