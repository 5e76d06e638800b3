"""The permissions that exist. Each app declares its own in `permissions.py`, loaded at start-up."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise


@dataclass(frozen=True, slots=True)
class Permission:
    """Something that an actor may do: ``code`` is `app.verb_noun`, ``title`` what people read."""

    code: str
    title: str | Promise


_declared: dict[str, Permission] = {}


def declare(code: str, title: str | Promise) -> str:
    """Make a permission known and return its code. Declaring a code twice is a mistake."""
    if code in _declared:
        raise ValueError(f"permission {code} is declared twice")
    _declared[code] = Permission(code, title)
    return code


def permission_title(code: str) -> str:
    """What people read for ``code``; the code itself when nobody declared it."""
    permission = _declared.get(code)
    return str(permission.title) if permission else code


def declared_permissions() -> list[Permission]:
    """Every permission, by code."""
    return sorted(_declared.values(), key=lambda permission: permission.code)


def is_declared(code: str) -> bool:
    return code in _declared
