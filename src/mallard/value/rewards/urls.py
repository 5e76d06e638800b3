"""Console pages of rewards."""

from __future__ import annotations

from django.urls import path

from mallard.value.rewards.pages import catalogue, counter, liability, redemptions

app_name = "rewards"
urlpatterns = [
    path("", catalogue.rewards, name="rewards"),
    path("new", catalogue.new_reward, name="new"),
    path("<uuid:reward_id>/", catalogue.reward, name="reward"),
    path("<uuid:reward_id>/edit", catalogue.edit_reward, name="edit"),
    path("<uuid:reward_id>/close", catalogue.close_reward, name="close"),
    path("<uuid:reward_id>/reopen", catalogue.reopen_reward, name="reopen"),
    path("<uuid:reward_id>/stock", catalogue.stock, name="stock"),
    path("movements", catalogue.movements, name="movements"),
    path("counter/", counter.counter, name="counter"),
    path("counter/<uuid:member_id>/", counter.at_counter, name="at_counter"),
    path("liability", liability.liability, name="liability"),
    path("desks/", catalogue.desks, name="desks"),
    path("desks/new", catalogue.new_desk, name="new_desk"),
    path("desks/<uuid:desk_id>/edit", catalogue.edit_desk, name="edit_desk"),
    path("desks/<uuid:desk_id>/close", catalogue.close_desk, name="close_desk"),
    path("desks/<uuid:desk_id>/reopen", catalogue.reopen_desk, name="reopen_desk"),
    path("members/<uuid:member_id>/redeem", redemptions.redeem, name="redeem"),
    path("redemptions/", redemptions.redemptions, name="redemptions"),
    path("redemptions/find", redemptions.find, name="find"),
    path("redemptions/<uuid:redemption_id>/", redemptions.redemption, name="redemption"),
    path("redemptions/<uuid:redemption_id>/confirm", redemptions.confirm, name="confirm"),
    path("redemptions/<uuid:redemption_id>/collect", redemptions.collect, name="collect"),
    path("redemptions/<uuid:redemption_id>/cancel", redemptions.cancel, name="cancel"),
    path("redemptions/<uuid:redemption_id>/slip", redemptions.slip, name="slip"),
    path("redemptions/<uuid:redemption_id>/qr.svg", redemptions.qr, name="qr"),
]
