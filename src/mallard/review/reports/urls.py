"""Pages of reports."""

from __future__ import annotations

from django.urls import path

from mallard.review.reports.pages import analysis, catalogue, home, movers

app_name = "reports"
urlpatterns = [
    path("figures", catalogue.figures, name="figures"),
    path("live", home.live, name="live"),
    path("sales", analysis.sales, name="sales"),
    path("movers", movers.movers_page, name="movers"),
    path("plan", home.plan, name="plan"),
]
