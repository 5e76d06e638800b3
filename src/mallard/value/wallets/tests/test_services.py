"""Freezing, four eyes, gifts, longer lives, and the clock."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, transaction

from mallard.kernel.access.actor import WHOLE_GROUP, Actor
from mallard.kernel.errors import DomainError
from mallard.kernel.ids import uuid7
from mallard.kernel.outbox.models import OutboxEvent
from mallard.value.ledger import services as ledger
from mallard.value.ledger.errors import (
    GiftToOneself,
    InsufficientPoints,
    LotNotExpired,
    LotOver,
    NotLater,
)
from mallard.value.ledger.models import FunderKind, Lot, Transfer
from mallard.value.ledger.queries import wallet_of
from mallard.value.ledger.tests.factories import (
    ACTOR,
    accrual,
    counter,
    members,
    redemption,
)
from mallard.value.ledger.verification import verify
from mallard.value.wallets import queries, services
from mallard.value.wallets.errors import (
    AlreadyFrozen,
    CoolingDown,
    GiftTooLarge,
    KeyReused,
    NotFrozen,
    ReasonNeeded,
    RequestDecided,
    SamePerson,
    WalletFrozen,
)
from mallard.value.wallets.models import PointsRequest, RequestKind, RequestStatus
from mallard.world.malls.tests.factories import World, a_mall_group
from mallard.world.members.inputs import IdentityInput
from mallard.world.members.models import Identity
from mallard.world.members.services import add_identity, remove_identity
from mallard.world.members.tests.factories import a_member
from mallard.world.staff.queries import actor_for_user
from mallard.world.staff.tests.factories import a_staff_user
from mallard.world.tasks.models import Task, TaskStatus

pytestmark = pytest.mark.django_db


def somebody(name: str) -> Actor:
    """A colleague who may ask for changes and approve those of others."""
    return actor_for_user(a_staff_user("crm_manager", scope=WHOLE_GROUP, name=name))


@pytest.fixture
def world() -> World:
    return a_mall_group()


def a_person() -> UUID:
    """A member with a data key of their own."""
    return a_member().id


def funder_of(world: World) -> UUID:
    return ledger.open_funder(FunderKind.MALL, world.lakeside.pk)


def earn(member: UUID, world: World, points: int = 1_000, **more: Any) -> UUID:
    """A lot of the mall's."""
    ledger.open_wallets([member], actor=ACTOR)
    [posted] = ledger.post_accruals(
        [accrual(member, funder_of(world), points, **more)], actor=ACTOR
    )
    return posted.transfer_id


def balance(member: UUID) -> int:
    return wallet_of([member])[member].available


def refused(error: type[DomainError], call: Any, *arguments: Any, **more: Any) -> None:
    before = (Transfer.objects.count(), PointsRequest.objects.count())
    with pytest.raises(error), transaction.atomic():
        call(*arguments, **more)
    assert (Transfer.objects.count(), PointsRequest.objects.count()) == before


def adjustment(member: UUID, world: World, points: int, **more: Any) -> services.ChangeInput:
    values: dict[str, Any] = {
        "key": f"t:{uuid7()}",
        "kind": RequestKind.ADJUST,
        "reason": "The till was down on Sunday",
        "funder_kind": "mall",
        "funder_id": world.lakeside.pk,
    }
    return services.ChangeInput(member_id=member, points=points, **(values | more))


class TestFreezing:
    def test_nothing_is_spent_while_frozen_and_earning_goes_on(self, world: World) -> None:
        member, other = a_person(), a_person()
        earn(member, world)
        desk = counter()
        held = ledger.place_hold(
            redemption(member, desk), deadline_at=accrual(member, desk).expires_at, actor=ACTOR
        )
        services.freeze_wallet(member, reason="Strangers' receipts", actor=ACTOR)
        refused(WalletFrozen, ledger.redeem, [redemption(member, desk)], actor=ACTOR)
        refused(WalletFrozen, ledger.post_hold, held.hold_id, group_id=uuid7(), actor=ACTOR)
        gift = {"giver_id": member, "receiver_id": other, "points": 1, "key": "g", "actor": ACTOR}
        refused(WalletFrozen, services.give_points, **gift)
        refused(AlreadyFrozen, services.freeze_wallet, member, reason="again", actor=ACTOR)
        earn(member, world, 50)
        services.release_wallet(member, reason="It was a mistake", actor=ACTOR)
        refused(NotFrozen, services.release_wallet, member, reason="again", actor=ACTOR)
        ledger.redeem([redemption(member, desk)], actor=ACTOR)
        assert balance(member) == 850

    def test_a_reason_is_needed_and_is_sealed(self, world: World) -> None:
        member = a_person()
        refused(ReasonNeeded, services.freeze_wallet, member, reason=" no ", actor=ACTOR)
        row = services.freeze_wallet(member, reason="Strangers' receipts", actor=ACTOR)
        assert b"Strangers" not in bytes(row.reason_sealed)
        assert queries.reason_of_freeze(row) == "Strangers' receipts"


class TestFourEyes:
    def test_a_small_change_is_done_at_once_and_once(self, world: World) -> None:
        member = a_person()
        change = adjustment(member, world, 1_000)
        row = services.request_change(change, actor=ACTOR)
        assert services.request_change(change, actor=ACTOR).pk == row.pk
        assert (row.status, balance(member)) == (RequestStatus.DONE, 1_000)
        other = adjustment(member, world, 999, key=change.key)
        refused(KeyReused, services.request_change, other, actor=ACTOR)
        services.request_change(adjustment(member, world, -400), actor=ACTOR)
        assert balance(member) == 600
        too_much = adjustment(member, world, -601)
        refused(InsufficientPoints, services.request_change, too_much, actor=ACTOR)

    def test_a_large_one_waits_for_somebody_else(self, world: World) -> None:
        member = a_person()
        asker, second = somebody("Ann"), somebody("Ben")
        row = services.request_change(adjustment(member, world, 1_001), actor=asker)
        assert (row.status, balance(member)) == (RequestStatus.WAITING, 0)
        task = Task.objects.get(kind="approval")
        assert (task.status, task.role, task.subject_id) == (TaskStatus.OPEN, "finance", row.pk)
        refused(SamePerson, services.decide_request, row.pk, is_approved=True, actor=asker)
        services.decide_request(row.pk, is_approved=True, actor=second)
        assert balance(member) == 1_001
        task.refresh_from_db()
        assert task.status == TaskStatus.DONE
        refused(RequestDecided, services.decide_request, row.pk, is_approved=True, actor=second)
        assert balance(member) == 1_001

    def test_refused_changes_nothing(self, world: World) -> None:
        member = a_person()
        row = services.request_change(adjustment(member, world, 5_000), actor=somebody("Ann"))
        services.decide_request(row.pk, is_approved=False, actor=somebody("Ben"))
        assert (balance(member), Transfer.objects.count()) == (0, 0)

    def test_the_database_refuses_one_pair_of_eyes(self, world: World) -> None:
        asker = somebody("Ann")
        row = services.request_change(adjustment(a_person(), world, 5_000), actor=asker)
        with pytest.raises(IntegrityError), transaction.atomic():
            PointsRequest.objects.filter(pk=row.pk).update(
                status="done", decided_at=row.asked_at, decided_by_id=asker.id
            )


class TestGifts:
    def test_each_lot_keeps_its_funder_and_its_end(self, world: World, frozen_clock: Any) -> None:
        at = frozen_clock.advance(days=0)
        giver, receiver = a_person(), a_person()
        early = at + dt.timedelta(days=10)
        earn(giver, world, 60, expires_at=early)
        earn(giver, world, 100)
        gift = {"giver_id": giver, "receiver_id": receiver, "actor": ACTOR}
        first = services.give_points(points=80, key="g1", **gift)
        assert services.give_points(points=80, key="g1", **gift).pk == first.pk
        lots = Lot.objects.filter(member_id=receiver).order_by("expires_at")
        assert [(lot.amount, lot.expires_at == early) for lot in lots] == [(60, True), (20, False)]
        assert (balance(giver), balance(receiver)) == (80, 80)
        refused(KeyReused, services.give_points, points=81, key="g1", **gift)
        refused(InsufficientPoints, services.give_points, points=81, key="g2", **gift)
        oneself = {"giver_id": giver, "receiver_id": giver, "points": 1, "actor": ACTOR}
        refused(GiftToOneself, services.give_points, key="g3", **oneself)
        assert all(not check.wrong for check in verify().checks)

    def test_limits_of_a_day_and_a_year(self, world: World, frozen_clock: Any) -> None:
        giver, receiver = a_person(), a_person()
        earn(giver, world, 100_000)
        gift = {"giver_id": giver, "receiver_id": receiver, "actor": ACTOR}
        services.give_points(points=2_000, key="d1", **gift)
        refused(GiftTooLarge, services.give_points, points=1, key="d2", **gift)
        for day in range(9):
            frozen_clock.advance(days=1)
            services.give_points(points=2_000, key=f"e{day}", **gift)
        frozen_clock.advance(days=1)
        refused(GiftTooLarge, services.give_points, points=1, key="y", **gift)

    def test_a_new_phone_cools_down_first(self, world: World, frozen_clock: Any) -> None:
        giver, receiver = a_person(), a_person()
        earn(giver, world)
        gift = {"giver_id": giver, "receiver_id": receiver, "points": 10, "actor": ACTOR}
        for old in Identity.objects.filter(member_id=giver, kind="phone"):
            remove_identity(old.pk, member_id=giver, actor=ACTOR)
        frozen_clock.advance(hours=1)
        add_identity(giver, IdentityInput("phone", "13900000018"), actor=ACTOR)
        refused(CoolingDown, services.give_points, key="c1", **gift)
        frozen_clock.advance(hours=72)
        services.give_points(key="c2", **gift)
        assert balance(receiver) == 10


class TestLongerLives:
    def change(self, member: UUID, lot: UUID, kind: RequestKind, until: Any) -> Any:
        return services.request_change(
            services.ChangeInput(
                key=f"l:{uuid7()}", kind=kind, member_id=member, lot_id=lot, expires_at=until,
                reason="They were ill in spring",
            ),
            actor=ACTOR,
        )  # fmt: skip

    def test_extended_before_the_end_and_reinstated_after_it(
        self, world: World, frozen_clock: Any
    ) -> None:
        at = frozen_clock.advance(days=0)
        day = dt.timedelta(days=1)
        member = a_person()
        lot = earn(member, world, 100, expires_at=at + 10 * day)
        refused(NotLater, self.change, member, lot, RequestKind.EXTEND, at + 9 * day)
        refused(LotNotExpired, self.change, member, lot, RequestKind.REVIVE, at + 90 * day)
        self.change(member, lot, RequestKind.EXTEND, at + 20 * day)
        frozen_clock.advance(days=10)
        assert ledger.expire_due(actor=ACTOR).points == 0
        ledger.redeem([redemption(member, counter(), 30)], actor=ACTOR)
        frozen_clock.advance(days=10)
        assert ledger.expire_due(actor=ACTOR).points == 70
        refused(LotOver, self.change, member, lot, RequestKind.EXTEND, at + 90 * day)
        self.change(member, lot, RequestKind.REVIVE, at + 50 * day)
        assert balance(member) == 70
        frozen_clock.advance(days=30)
        assert ledger.expire_due(actor=ACTOR).points == 70
        assert ledger.expire_due(actor=ACTOR).points == 0
        assert all(not check.wrong for check in verify().checks if check.name != "funder days")

    def test_reinstated_before_the_job_came_by(self, world: World, frozen_clock: Any) -> None:
        at = frozen_clock.advance(days=0)
        member = a_person()
        lot = earn(member, world, 100, expires_at=at + dt.timedelta(days=1))
        frozen_clock.advance(days=1)
        self.change(member, lot, RequestKind.REVIVE, at + dt.timedelta(days=9))
        assert balance(member) == 100
        assert ledger.expire_due(actor=ACTOR).points == 0


ZONE = ZoneInfo("Europe/Berlin")
ENDS = [
    dt.datetime(2028, 2, 29, tzinfo=dt.UTC),  # a leap day
    dt.datetime(2026, 3, 29, 2, 30, tzinfo=ZONE),  # an hour that does not exist
    dt.datetime(2026, 10, 25, 2, 30, tzinfo=ZONE),  # an hour that comes twice
    dt.datetime(2026, 12, 31, 23, 59, 59, 999_999, tzinfo=dt.UTC),
    dt.datetime(2027, 1, 1, tzinfo=dt.UTC),
]


@pytest.mark.parametrize("end", ENDS, ids=str)
def test_nothing_expires_a_moment_early_or_twice(
    world: World, frozen_clock: Any, end: dt.datetime
) -> None:
    """A microsecond and a day before, at the moment itself, and a day after."""
    end = end.astimezone(dt.UTC)
    day = dt.timedelta(days=1)
    frozen_clock.set(end - 40 * day)
    [member] = members(1)
    earn(member, world, 100, at=end - 40 * day, expires_at=end)
    for early in (end - day, end - dt.timedelta(microseconds=1)):
        frozen_clock.set(early)
        assert ledger.expire_due(actor=ACTOR).points == 0
        assert balance(member) == 100
    frozen_clock.set(end)
    assert balance(member) == 0
    assert ledger.expire_due(actor=ACTOR).points == 100
    for later in (end, end + day):
        frozen_clock.set(later)
        assert ledger.expire_due(actor=ACTOR).points == 0


def test_expiring_points_are_announced_once(world: World, frozen_clock: Any) -> None:
    at = frozen_clock.advance(days=0)
    member, other = a_person(), a_person()
    soon = at + dt.timedelta(days=29)
    earn(member, world, 100, expires_at=soon)
    earn(member, world, 50, expires_at=soon)
    earn(other, world, 70, expires_at=at + dt.timedelta(days=31))
    assert services.announce_expiring(actor=ACTOR) == 1
    assert services.announce_expiring(actor=ACTOR) == 0
    event = OutboxEvent.objects.get(name="wallets.points_expiring")
    assert (event.subject_id, event.payload["points"]) == (member, 150)
    frozen_clock.advance(days=2)
    assert services.announce_expiring(actor=ACTOR) == 1
