"""Permissions in plain words, as pages about roles and keys show them."""

from __future__ import annotations

from collections.abc import Collection

from django.apps import apps

from mallard.kernel.access.permissions import Permission, declared_permissions


def area_name(code: str) -> str:
    """What people call the part of the product that a permission is about."""
    label = code.partition(".")[0]
    config = apps.app_configs.get(label)
    return str(config.verbose_name) if config else label


def permissions_by_area(
    codes: Collection[str] | None = None,
) -> list[tuple[str, list[Permission]]]:
    """The declared permissions (or those of ``codes``), by part of the product."""
    areas: dict[str, list[Permission]] = {}
    for permission in declared_permissions():
        if codes is None or permission.code in codes:
            areas.setdefault(area_name(permission.code), []).append(permission)
    return sorted(areas.items())
