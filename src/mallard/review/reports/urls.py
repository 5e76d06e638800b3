"""Pages of reports."""

from __future__ import annotations

from django.urls import path

from mallard.review.reports.pages import catalogue, home

app_name = "reports"
urlpatterns = [
    path("figures", catalogue.figures, name="figures"),
    path("live", home.live, name="live"),
    path("plan", home.plan, name="plan"),
]
