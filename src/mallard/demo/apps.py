"""The Django app of the demo. It owns one row: how far the year has been loaded, and its shift."""

from __future__ import annotations

from django.apps import AppConfig


class DemoConfig(AppConfig):
    name = "mallard.demo"
    label = "demo"
