"""A few rows of every kind, made by the services of the release: `python -m tests.upgrade.rows`.

Prints what a later release must still find.
"""

from __future__ import annotations

import json
import sys
from typing import Any

KEPT = ("王小鸭", "+8613700000001")
ERASED = ("欧阳雪莹", "+8613655550123")


def make_rows() -> dict[str, Any]:
    from mallard.kernel.access.actor import system
    from mallard.kernel.clock import now
    from mallard.value.ledger.models import Transfer
    from mallard.value.ledger.verification import verify
    from mallard.value.sales.models import Receipt, Return
    from mallard.world.members.inputs import Enrolment, IdentityInput
    from mallard.world.members.services import enrol_member, erase_member
    from tests.drill.deliveries import deliver, events_of_a_day
    from tests.drill.place import make_place

    actor = system("release")
    deliver(events_of_a_day(make_place(stores=2, members=6, seed=1), count=40, seed=1), seed=1)
    ids = []
    for name, phone in (KEPT, ERASED):
        enrolment = Enrolment(
            profile={"name": name}, identities=(IdentityInput("phone", phone),), joined_at=now()
        )
        ids.append(enrol_member(enrolment, actor=actor).id)
    erase_member(ids[1], actor=actor)
    if not verify().is_sound:
        raise AssertionError("the books of the release do not agree")
    return {
        "kept": str(ids[0]),
        "erased": str(ids[1]),
        "receipts": Receipt.objects.count(),
        "returns": Return.objects.count(),
        "transfers": Transfer.objects.count(),
    }


def main() -> None:
    from mallard.surfaces.cli.session import product

    with product():
        json.dump(make_rows(), sys.stdout)


if __name__ == "__main__":
    main()
