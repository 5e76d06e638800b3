from __future__ import annotations

from django.urls import path

from mallard.demo import pages

app_name = "demo"
urlpatterns = [path("demo", pages.as_a_member, name="as_a_member")]
