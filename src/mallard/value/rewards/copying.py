"""What a member took for points, for the copy of their data."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from mallard.value.rewards.models import Redemption
from mallard.world.members.copies import Part, Row, Subject, register_part, theirs, worded

_REDEMPTIONS = {
    "placed_at": _("When"), "reward": _("Reward"), "quantity": _("Quantity"),
    "points": _("Points"), "desk": _("Desk"), "status": _("State"),
    "collected_at": _("Handed over"),
}  # fmt: skip


def _redemptions(subject: Subject) -> Iterable[Row]:
    for row in theirs(Redemption, subject).select_related("reward", "desk__mall"):
        told = {code: getattr(row, code) for code in _REDEMPTIONS}
        yield told | {
            "reward": row.reward.name,
            "desk": row.desk.full_name,
            "status": worded(row, "status"),
        }


def register() -> None:
    register_part(
        Part(
            "redemptions", _("Redemptions"), ("rewards.Redemption",), _REDEMPTIONS, _redemptions, 60
        )
    )
