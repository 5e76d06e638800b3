from __future__ import annotations

from django.urls import path

from mallard.kernel.http import health

app_name = "http"
urlpatterns = [path("healthz", health.healthz, name="healthz")]
