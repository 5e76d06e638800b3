"""Starts Django for tools that read the product without a database."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django.apps import AppConfig

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src" / "mallard"


def start_django() -> None:
    """Load the apps with the product's own settings."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mallard.config.settings")
    import django

    django.setup()


def own_apps() -> list[AppConfig]:
    """The installed apps that are ours."""
    from django.apps import apps

    return [app for app in apps.get_app_configs() if Path(app.path).is_relative_to(SOURCE)]
