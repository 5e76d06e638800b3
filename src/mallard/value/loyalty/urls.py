"""Pages of the programme."""

from __future__ import annotations

from django.urls import path

from mallard.value.loyalty.pages import programme, rules, tier_list, tiers, what_if

app_name = "loyalty"
urlpatterns = [
    path("", programme.programme, name="programme"),
    path("set-up", programme.set_up, name="set_up"),
    path("change", programme.change, name="change"),
    path("rules/new", rules.new_rule, name="new_rule"),
    path("rules/preview", rules.preview, name="preview"),
    path("rules/<slug:code>", rules.rule, name="rule"),
    path("rules/<slug:code>/change", rules.change_rule, name="change_rule"),
    path("rules/<slug:code>/end", rules.end_rule, name="end_rule"),
    path("budgets/new", rules.new_budget, name="new_budget"),
    path("budgets/<slug:code>", rules.change_budget, name="change_budget"),
    path("tiers/change", tiers.change_tiers, name="change_tiers"),
    path("tiers/new", tier_list.new_tier, name="new_tier"),
    path("tiers/<slug:code>/rename", tier_list.rename, name="rename_tier"),
    path("tiers/given/<uuid:override_id>/end", tiers.end_given, name="end_given"),
    path("benefits/new", tiers.new_benefit, name="new_benefit"),
    path("benefits/<uuid:benefit_id>/end", tiers.remove_benefit, name="end_benefit"),
    path("members/<uuid:member_id>/tier", tiers.member_tier, name="member_tier"),
    path("members/<uuid:member_id>/tier/give", tiers.give, name="give_tier"),
    path("what-if/", what_if.what_ifs, name="what_ifs"),
    path("what-if/new", what_if.new_what_if, name="new_what_if"),
    path("what-if/<uuid:what_if_id>", what_if.what_if, name="what_if"),
    path("what-if/<uuid:what_if_id>/progress", what_if.progress, name="what_if_progress"),
    path("what-if/<uuid:what_if_id>/rule", what_if.try_a_rule, name="try_rule"),
    path("what-if/<uuid:what_if_id>/start", what_if.start, name="start_what_if"),
]
