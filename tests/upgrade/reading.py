"""What this release finds in the upgraded database: `python -m tests.upgrade.reading MEMBER`."""

from __future__ import annotations

import json
import sys
from typing import Any


def found(member_id: str) -> dict[str, Any]:
    from mallard.kernel.secrets.services import open_keys
    from mallard.value.ledger.models import Transfer
    from mallard.value.ledger.verification import verify
    from mallard.value.sales.models import Receipt, Return
    from mallard.world.members.models import Member, MemberSearch
    from mallard.world.members.profile import open_profile

    member = Member.objects.get(pk=member_id)
    profile = open_profile(member.profile_sealed, open_keys([member.id])[member.id])
    return {
        "name": profile["name"].value,
        "erased": [str(m.pk) for m in Member.objects.filter(status="erased")],
        "searchable": MemberSearch.objects.filter(member__status="erased").count(),
        "receipts": Receipt.objects.count(),
        "returns": Return.objects.count(),
        "transfers": Transfer.objects.count(),
        "is_sound": verify().is_sound,
    }


def main() -> None:
    from mallard.surfaces.cli.session import product

    with product():
        json.dump(found(sys.argv[1]), sys.stdout)


if __name__ == "__main__":
    main()
