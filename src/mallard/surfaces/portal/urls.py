"""The member's own pages, under `/m/`."""

from __future__ import annotations

from django.urls import URLPattern, path

from mallard.surfaces.portal.pages import (
    card,
    consents,
    friends,
    home,
    me,
    points,
    receipts,
    requests,
    rewards,
)

app_name = "portal"
urlpatterns: list[URLPattern] = [
    path("", home.home, name="home"),
    path("check-in", home.check_in, name="check_in"),
    path("card", card.card, name="card"),
    path("points", points.points, name="points"),
    path("points/expiring", points.expiring, name="expiring"),
    path("rewards", rewards.rewards, name="rewards"),
    path("rewards/<uuid:reward_id>", rewards.reward, name="reward"),
    path("rewards/taken/<uuid:redemption_id>", rewards.redemption, name="redemption"),
    path("rewards/taken/<uuid:redemption_id>/confirm", rewards.confirm, name="confirm_redemption"),
    path("rewards/taken/<uuid:redemption_id>/let-go", rewards.let_go, name="let_go_redemption"),
    path("receipts", receipts.receipts, name="receipts"),
    path("receipts/<uuid:receipt_id>", receipts.receipt, name="receipt"),
    path("me", me.me, name="me"),
    path("me/sessions", me.sessions, name="sessions"),
    path("me/sessions/end-others", me.end_others, name="end_others"),
    path("me/sessions/<uuid:session_id>/end", me.end_session, name="end_session"),
    path("me/consents", consents.consents, name="consents"),
    path("friends", friends.friends, name="friends"),
    path("friends/<slug:code>", friends.invitation, name="invitation"),
    path("me/copy", requests.copy, name="copy"),
    path("me/requests", requests.requests, name="requests"),
]
