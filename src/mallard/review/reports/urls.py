"""Pages of reports."""

from __future__ import annotations

from django.urls import path

from mallard.review.reports import pages

app_name = "reports"
urlpatterns = [path("figures", pages.figures, name="figures")]
