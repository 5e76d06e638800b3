"""Pages of retention."""

from __future__ import annotations

from django.urls import path

from mallard.kernel.retention import pages

app_name = "retention"
urlpatterns = [path("retention/", pages.retention_list, name="list")]
