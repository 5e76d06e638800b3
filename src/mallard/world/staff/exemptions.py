"""Accounts to which the rule of a second factor does not apply: the demo's public logins.

Anybody may use them with a password that is printed on the sign-in page, so a code on one visitor's
phone would lock all others out. Nothing is exempt unless something registers, and never an account
that people made: only generated ones are asked about.
"""

from __future__ import annotations

from collections.abc import Callable

from mallard.kernel.provenance import Origin
from mallard.world.staff.models import StaffUser

Exemption = Callable[[StaffUser], bool]
_exemptions: list[Exemption] = []


def register_exemption(exemption: Exemption) -> Exemption:
    """Exempt the generated accounts for which ``exemption`` says so. Usable as a decorator."""
    if exemption not in _exemptions:
        _exemptions.append(exemption)
    return exemption


def is_exempt(user: StaffUser) -> bool:
    """Whether ``user`` signs in by password only, whatever the rules say."""
    return user.origin == Origin.GENERATED and any(exempt(user) for exempt in _exemptions)
