from __future__ import annotations

from django.urls import path

from mallard.kernel.metrics import pages

app_name = "metrics"
urlpatterns = [path("metrics", pages.metrics, name="metrics")]
