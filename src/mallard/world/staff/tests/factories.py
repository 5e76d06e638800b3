"""Staff for tests, made through the services that everybody uses."""

from __future__ import annotations

import itertools

from mallard.kernel.access.actor import WHOLE_GROUP, Scope, system
from mallard.world.staff.models import StaffUser
from mallard.world.staff.services import create_staff

SYSTEM = system("tests")
PASSWORD = "a-long-and-quiet-river"
_count = itertools.count(1)


def a_staff_user(
    role: str = "administrator",
    *,
    scope: Scope = WHOLE_GROUP,
    email: str = "",
    name: str = "Ann Li",
    password: str | None = None,
) -> StaffUser:
    """Somebody with a role; sign them in with ``client.force_login``. Hashing takes a while, so
    a password only where the test types it."""
    return create_staff(
        email=email or f"person{next(_count)}@example.com",
        name=name,
        role=role,
        scope=scope,
        password=password,
        actor=SYSTEM,
    )
