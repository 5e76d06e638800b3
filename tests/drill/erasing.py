"""A person who joins and is erased: `python -m tests.drill.erasing enrol`, `… erase MEMBER`."""

from __future__ import annotations

import sys
from uuid import UUID

NAME = "欧阳雪莹"
PHONE = "+8613655550123"
SHOWN_PHONE = "13655550123"


def enrol() -> UUID:
    """Have the person join; the member's id."""
    from mallard.kernel.access.actor import system
    from mallard.kernel.clock import now
    from mallard.world.members.inputs import Enrolment, IdentityInput
    from mallard.world.members.services import enrol_member

    enrolment = Enrolment(
        profile={"name": NAME}, identities=(IdentityInput("phone", PHONE),), joined_at=now()
    )
    return enrol_member(enrolment, actor=system("drill")).id


def erase(member_id: UUID) -> None:
    from mallard.kernel.access.actor import system
    from mallard.world.members.services import erase_member

    erase_member(member_id, actor=system("drill"))


def main() -> None:
    from mallard.surfaces.cli.session import product

    with product():
        if sys.argv[1] == "enrol":
            print(enrol())
        else:
            erase(UUID(sys.argv[2]))


if __name__ == "__main__":
    main()
