"""Changes of points, gifts and families, for the copy of a member's data: other members unnamed."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from mallard.value.wallets.models import (
    CoolDownLift,
    FamilyRight,
    Freeze,
    MemberGift,
    PointsRequest,
)
from mallard.value.wallets.queries import (
    freeze_context,
    lift_context,
    release_context,
    request_context,
)
from mallard.world.members.copies import (
    Part,
    Row,
    Subject,
    leave_out,
    register_part,
    theirs,
    worded,
)

_FREEZES = {
    "frozen_at": _("From"), "reason": _("Reason"), "released_at": _("Until"),
    "release_reason": _("Reason for the release"),
}  # fmt: skip
_CHANGES = {
    "asked_at": _("When"), "kind": _("What"), "points": _("Points"), "status": _("State"),
    "reason": _("Reason"),
}  # fmt: skip
_LIFTS = {"lifted_at": _("When"), "reason": _("Reason")}
_GIFTS = {"given_at": _("When"), "points": _("Points"), "is_giver": _("Given by you")}
_FAMILY = {"granted_at": _("From"), "ended_at": _("Until"), "is_owner": _("Your points")}


def _freezes(subject: Subject) -> Iterable[Row]:
    for row in theirs(Freeze, subject):
        yield {
            "frozen_at": row.frozen_at,
            "reason": subject.opened(row.member_id, row.reason_sealed, freeze_context(row.pk)),
            "released_at": row.released_at,
            "release_reason": subject.opened(
                row.member_id, row.release_reason_sealed, release_context(row.pk)
            ),
        }


def _lifts(subject: Subject) -> Iterable[Row]:
    for row in theirs(CoolDownLift, subject):
        reason = subject.opened(row.member_id, row.reason_sealed, lift_context(row.pk))
        yield {"lifted_at": row.lifted_at, "reason": reason}


def _changes(subject: Subject) -> Iterable[Row]:
    for row in theirs(PointsRequest, subject):
        told = {code: getattr(row, code) for code in _CHANGES if code != "reason"}
        yield told | {
            "reason": subject.opened(row.member_id, row.reason_sealed, request_context(row.pk)),
            "kind": worded(row, "kind"),
            "status": worded(row, "status"),
        }


def _gifts(subject: Subject) -> Iterable[Row]:
    for side in ("giver", "receiver"):
        for row in theirs(MemberGift, subject, field=side):
            yield {"given_at": row.given_at, "points": row.points, "is_giver": side == "giver"}


def _family(subject: Subject) -> Iterable[Row]:
    for side in ("owner", "spender"):
        for row in theirs(FamilyRight, subject, field=side):
            told = {"granted_at": row.granted_at, "ended_at": row.ended_at}
            yield told | {"is_owner": side == "owner"}


def register() -> None:
    for part in (
        Part(
            "freezes", _("Times when points were frozen"), ("wallets.Freeze",), _FREEZES,
            _freezes, 44,
        ),
        Part(
            "changes", _("Changes of points by hand"), ("wallets.PointsRequest",), _CHANGES,
            _changes, 45,
        ),
        Part("gifts", _("Gifts of points"), ("wallets.MemberGift",), _GIFTS, _gifts, 46),
        Part(
            "family", _("Rights to spend within a family"), ("wallets.FamilyRight",), _FAMILY,
            _family, 47,
        ),
        Part(
            "cool_down_lifts", _("Times when a cool-down was ended early"),
            ("wallets.CoolDownLift",), _LIFTS,
            _lifts, 48,
        ),
    ):  # fmt: skip
        register_part(part)
    leave_out("wallets.ExpiryNotice", because="that lots expire is said by the lots")
