"""What the sign-in page may offer besides its form: the demo lists one login per role.

Nothing is offered unless something registers; the product itself never does.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise


@dataclass(frozen=True, slots=True)
class SignInHint:
    """A login that anybody may use. ``role`` is what people read; ``password`` is public."""

    role: str | Promise
    name: str
    email: str
    password: str


@dataclass(frozen=True, slots=True)
class OtherDoor:
    """A way into something else than the console, e.g. the member page of the demo."""

    label: str | Promise
    detail: str | Promise
    url: str


Provider = Callable[[], Sequence[SignInHint]]
_providers: list[Provider] = []


def register_sign_in_hints(provider: Provider) -> Provider:
    """Offer logins on the sign-in page; called for every showing, so it may look whether they
    (still) exist. Usable as a decorator."""
    if provider not in _providers:
        _providers.append(provider)
    return provider


def sign_in_hints() -> list[SignInHint]:
    """Every login that is offered now."""
    return [hint for provider in _providers for hint in provider()]


DoorProvider = Callable[[], OtherDoor | None]
_doors: list[DoorProvider] = []


def register_other_door(provider: DoorProvider) -> DoorProvider:
    """Offer another door on the sign-in page; called for every showing, None for not now."""
    if provider not in _doors:
        _doors.append(provider)
    return provider


def other_doors() -> list[OtherDoor]:
    """Every other door that is open now."""
    return [door for provider in _doors if (door := provider()) is not None]
