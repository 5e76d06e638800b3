"""Points and goods together, or not at all."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from mallard.kernel.errors import DomainError, Invalid
from mallard.value.ledger import services as ledger
from mallard.value.ledger.errors import InsufficientPoints
from mallard.value.ledger.models import Lot
from mallard.value.ledger.queries import wallet_of
from mallard.value.ledger.tests.factories import roll_up_all
from mallard.value.ledger.verification import verify
from mallard.value.rewards import services
from mallard.value.rewards.errors import (
    AlreadyEnded,
    CollectionOver,
    HoldOver,
    KeyReused,
    LimitReached,
    NotFamily,
    NotWaiting,
    OutOfStock,
    ReasonNeeded,
    RewardClosed,
    RewardInvalid,
    StockPromised,
    TierTooLow,
    WrongDesk,
)
from mallard.value.rewards.inputs import PastRedemption
from mallard.value.rewards.kinds import RewardKind, register_kind
from mallard.value.rewards.models import Redemption, Status, Stock, StockMovement
from mallard.value.rewards.tests.factories import (
    ACTOR,
    Counter,
    a_counter,
    a_reward,
    place,
    receive,
    rich_members,
    stock_of,
    wanted,
)
from mallard.value.wallets.family import end_family, grant_family

pytestmark = pytest.mark.django_db


@pytest.fixture
def counter() -> Counter:
    return a_counter()


def available(member: Any) -> int:
    return wallet_of([member])[member].available


def refused(error: type[DomainError], call: Any, *arguments: Any, **more: Any) -> None:
    """The call is refused, and neither points nor stock have changed."""
    before = (list(Stock.objects.values()), Redemption.objects.count())
    with pytest.raises(error), transaction.atomic():
        call(*arguments, **more)
    assert (list(Stock.objects.values()), Redemption.objects.count()) == before


def test_held_confirmed_collected(counter: Counter) -> None:
    reward = a_reward(counter, stock=3)
    [member] = rich_members(counter, 1)
    row = place(member, reward, counter.desk, quantity=2)
    wallet = wallet_of([member])[member]
    assert (row.status, wallet.available, wallet.held) == (Status.HELD, 800, 200)
    assert stock_of(reward, counter.desk) == (3, 2)
    row = services.confirm_redemption(row.pk, actor=ACTOR)
    assert (row.status, wallet_of([member])[member].balance) == (Status.CONFIRMED, 800)
    row = services.collect_redemption(row.pk, actor=ACTOR)
    assert (row.status, stock_of(reward, counter.desk)) == (Status.COLLECTED, (1, 0))
    refused(NotWaiting, services.collect_redemption, row.pk, actor=ACTOR)
    assert verify().is_sound


def test_confirming_again_spends_once(counter: Counter) -> None:
    reward = a_reward(counter, stock=1)
    [member] = rich_members(counter, 1)
    row = place(member, reward, counter.desk, is_confirmed=True)
    services.confirm_redemption(row.pk, actor=ACTOR)
    assert available(member) == 900


def test_the_same_key_is_the_same_redemption(counter: Counter) -> None:
    reward = a_reward(counter, stock=5)
    [member] = rich_members(counter, 1)
    first = place(member, reward, counter.desk, key="till-1")
    assert place(member, reward, counter.desk, key="till-1").pk == first.pk
    assert stock_of(reward, counter.desk) == (5, 1)
    refused(KeyReused, place, member, reward, counter.desk, key="till-1", quantity=2)


def test_too_few_points_or_goods_change_nothing(counter: Counter) -> None:
    reward = a_reward(counter, stock=1)
    [rich, poor] = [*rich_members(counter, 1), *rich_members(counter, 1, points=99)]
    refused(InsufficientPoints, place, poor, reward, counter.desk)
    refused(OutOfStock, place, rich, reward, counter.desk, quantity=2)
    refused(OutOfStock, place, rich, reward, counter.other_desk)
    assert (available(rich), available(poor)) == (1_000, 99)


def test_limits_windows_and_tiers(counter: Counter, frozen_clock: Any) -> None:
    at = frozen_clock.advance(days=0)
    reward = a_reward(
        counter, stock=9, member_limit=2, limit_days=30, ends_at=at + dt.timedelta(days=60)
    )
    [member] = rich_members(counter, 1)
    row = place(member, reward, counter.desk, quantity=2, is_confirmed=True)
    refused(LimitReached, place, member, reward, counter.desk)
    services.cancel_redemption(row.pk, reason="changed their mind", actor=ACTOR)
    place(member, reward, counter.desk, quantity=2, is_confirmed=True)
    refused(LimitReached, place, member, reward, counter.desk)
    frozen_clock.advance(days=30, seconds=1)
    place(member, reward, counter.desk)
    frozen_clock.advance(days=30)
    refused(RewardClosed, place, member, reward, counter.desk)
    silver = a_reward(counter, stock=1, least_tier="silver")
    refused(TierTooLow, place, member, silver, counter.desk)


def test_a_hold_that_nobody_confirms_frees_points_and_goods(
    counter: Counter, frozen_clock: Any
) -> None:
    reward = a_reward(counter, stock=1)
    [member] = rich_members(counter, 1)
    row = place(member, reward, counter.desk)
    frozen_clock.advance(minutes=30)
    refused(HoldOver, services.confirm_redemption, row.pk, actor=ACTOR)
    assert services.lapse_due(actor=ACTOR) == 1
    assert services.lapse_due(actor=ACTOR) == 0
    row.refresh_from_db()
    assert (row.status, available(member)) == (Status.LAPSED, 1_000)
    assert stock_of(reward, counter.desk) == (1, 0)


def test_what_nobody_collects_comes_back_unless_the_place_was_used(
    counter: Counter, frozen_clock: Any
) -> None:
    gift = a_reward(counter, stock=1, collect_days=7)
    talk = a_reward(counter, stock=1, collect_days=7, kind="event", keeps_uncollected=True)
    [one, other] = rich_members(counter, 2)
    first = place(one, gift, counter.desk, is_confirmed=True)
    place(other, talk, counter.desk, is_confirmed=True)
    frozen_clock.advance(days=7)
    refused(CollectionOver, services.collect_redemption, first.pk, actor=ACTOR)
    assert services.lapse_due(actor=ACTOR) == 2
    assert (available(one), available(other)) == (1_000, 900)
    assert stock_of(gift, counter.desk) == stock_of(talk, counter.desk) == (1, 0)
    roll_up_all_sound()


def test_handed_over_only_where_it_lies(counter: Counter) -> None:
    reward = a_reward(counter, stock=1)
    [member] = rich_members(counter, 1)
    row = place(member, reward, counter.desk, is_confirmed=True)
    refused(
        WrongDesk, services.collect_redemption, row.pk, desk_id=counter.other_desk.pk, actor=ACTOR
    )


def test_a_donation_needs_nobody_to_hand_it_over(counter: Counter) -> None:
    gift = a_reward(counter, kind="donation", is_counted=False)
    [member] = rich_members(counter, 1)
    row = place(member, gift, counter.desk, is_confirmed=True)
    assert (row.status, available(member)) == (Status.COLLECTED, 900)
    held = place(member, gift, counter.desk)
    assert services.confirm_redemption(held.pk, actor=ACTOR).status == Status.COLLECTED


def test_a_kind_of_another_app_delivers_in_the_same_transaction(counter: Counter) -> None:
    class Parking:
        full = False

        def __init__(self) -> None:
            self.delivered: list[Any] = []
            self.taken_back: list[Any] = []

        def check(self, reward: Any) -> None:
            if self.full:
                raise OutOfStock(free=0, desk="P1", asked=1)

        def deliver(self, redemption: Any, *, actor: Any) -> None:
            self.delivered.append(redemption.pk)

        def take_back(self, redemption: Any, *, actor: Any) -> None:
            self.taken_back.append(redemption.pk)

    parking = Parking()
    register_kind(RewardKind("parking", "Parking", "parking", False, False, parking))
    reward = a_reward(counter, kind="parking", is_counted=False)
    [member] = rich_members(counter, 1)
    row = place(member, reward, counter.desk, is_confirmed=True)
    services.cancel_redemption(row.pk, reason="wrong car", actor=ACTOR)
    assert parking.delivered == parking.taken_back == [row.pk]
    parking.full = True
    refused(OutOfStock, place, member, reward, counter.desk)
    assert available(member) == 1_000


class TestFaultsOfOdoo:
    """What the loyalty module of Odoo 17 got wrong, each as a promise of ours."""

    def test_redeemed_points_are_not_taken_twice_on_a_refund(self, counter: Counter) -> None:
        reward = a_reward(counter, stock=1)
        [member] = rich_members(counter, 1)
        row = place(member, reward, counter.desk, is_confirmed=True)
        services.collect_redemption(row.pk, actor=ACTOR)
        services.cancel_redemption(row.pk, reason="broken", actor=ACTOR)
        assert available(member) == 1_000
        refused(AlreadyEnded, services.cancel_redemption, row.pk, reason="again", actor=ACTOR)
        assert (available(member), stock_of(reward, counter.desk)) == (1_000, (1, 0))
        roll_up_all_sound()

    def test_expiry_does_not_clamp_what_was_promised(
        self, counter: Counter, frozen_clock: Any
    ) -> None:
        """The lot expires between hold, confirmation and refund: every point is accounted for."""
        at = frozen_clock.advance(days=0)
        reward = a_reward(counter, stock=1, hold_minutes=60 * 48)
        [member] = rich_members(counter, 1, points=150, expires_at=at + dt.timedelta(days=1))
        row = place(member, reward, counter.desk)
        frozen_clock.advance(days=1)
        from mallard.value.ledger import services as ledger

        assert ledger.expire_due(actor=ACTOR).points == 50
        services.confirm_redemption(row.pk, actor=ACTOR)
        assert wallet_of([member])[member].balance == 0
        frozen_clock.advance(days=1)
        services.cancel_redemption(row.pk, reason="out of order", actor=ACTOR)
        assert available(member) == 100
        frozen_clock.advance(days=30)
        assert available(member) == 0
        assert ledger.expire_due(actor=ACTOR).points == 100
        assert ledger.expire_due(actor=ACTOR).points == 0
        roll_up_all_sound()

    def test_buying_refunding_and_keeping_the_points_leaves_a_receivable(
        self, counter: Counter, frozen_clock: Any
    ) -> None:
        """Points received, spent on a reward, then the goods are returned: the member owes them."""
        from mallard.value.checkout.services import record_receipts, record_returns
        from mallard.value.checkout.tests.factories import TILL, a_member, a_receipt
        from mallard.value.sales.facts import ReturnInput
        from mallard.value.sales.models import Source

        phone = "13800138000"
        member = a_member(phone, store=counter.trade.bakery)
        reward = a_reward(counter, stock=1)
        sale = a_receipt(counter.trade.bakery, "B-1", 10_000, phone=phone)
        record_receipts([sale], actor=TILL, source=Source.API)
        row = place(member, reward, counter.desk, is_confirmed=True)
        services.collect_redemption(row.pk, actor=ACTOR)
        back = ReturnInput(
            store_code=sale.store_code,
            number="B-1-R",
            receipt_number="B-1",
            occurred_at=frozen_clock.advance(days=1),
        )
        record_returns([back], actor=TILL, source=Source.API)
        wallet = wallet_of([member])[member]
        assert (wallet.balance, wallet.owed) == (0, 100)
        services.cancel_redemption(row.pk, reason="brought back too", actor=ACTOR)
        wallet = wallet_of([member])[member]
        assert (wallet.balance, wallet.owed) == (100, 100)
        roll_up_all_sound()


def roll_up_all_sound() -> None:
    roll_up_all() if not transaction.get_connection().in_atomic_block else None
    wrong = [one for one in verify().checks if one.wrong and one.name != "funder days"]
    assert not wrong, wrong


class TestStock:
    def test_received_counted_sent_corrected(self, counter: Counter) -> None:
        reward = a_reward(counter, stock=10)
        base = {"reward_id": reward.pk, "desk_id": counter.desk.pk, "actor": ACTOR}
        refused(ReasonNeeded, services.count_stock, counted=9, key="c1", **base)
        services.count_stock(counted=9, key="c1", reason="one was broken", **base)
        services.count_stock(counted=9, key="c2", **base)
        services.send_stock(quantity=4, to_desk_id=counter.far_desk.pk, key="s1", **base)
        services.correct_stock(quantity=-2, key="k1", reason="given to the press", **base)
        assert stock_of(reward, counter.desk) == (3, 0)
        assert stock_of(reward, counter.far_desk) == (4, 0)
        moved = StockMovement.objects.filter(reward=reward).order_by("id")
        assert [(one.kind, one.quantity, one.on_hand_after) for one in moved] == [
            ("receive", 10, 10), ("count", -1, 9), ("count", 0, 9), ("send", -4, 5),
            ("arrive", 4, 4), ("correct", -2, 3),
        ]  # fmt: skip
        roll_up_all_sound()

    def test_the_same_key_moves_once(self, counter: Counter) -> None:
        reward = a_reward(counter)
        base = {"reward_id": reward.pk, "desk_id": counter.desk.pk, "actor": ACTOR}
        first = services.receive_stock(quantity=5, key="van-1", **base)
        assert services.receive_stock(quantity=5, key="van-1", **base).pk == first.pk
        refused(KeyReused, services.receive_stock, quantity=6, key="van-1", **base)
        assert stock_of(reward, counter.desk) == (5, 0)

    def test_what_is_promised_cannot_go_away(self, counter: Counter) -> None:
        reward = a_reward(counter, stock=2)
        [member] = rich_members(counter, 1)
        place(member, reward, counter.desk, quantity=2)
        base = {"reward_id": reward.pk, "desk_id": counter.desk.pk, "actor": ACTOR}
        refused(StockPromised, services.count_stock, counted=1, reason="thief", key="c", **base)
        refused(OutOfStock, services.correct_stock, quantity=-1, reason="broken", key="k", **base)
        refused(
            OutOfStock,
            services.send_stock, quantity=1, to_desk_id=counter.far_desk.pk, key="s", **base,
        )  # fmt: skip

    def test_the_database_refuses_a_negative_stock_and_a_changed_movement(
        self, counter: Counter
    ) -> None:
        reward = a_reward(counter, stock=1)
        with pytest.raises(IntegrityError), transaction.atomic():
            Stock.objects.filter(reward=reward).update(on_hand=-1)
        with pytest.raises(IntegrityError), transaction.atomic():
            Stock.objects.filter(reward=reward).update(reserved=2)
        with pytest.raises(DatabaseError), transaction.atomic():
            StockMovement.objects.filter(reward=reward).update(quantity=7)

    def test_goods_lost_after_a_refund_do_not_come_back(self, counter: Counter) -> None:
        reward = a_reward(counter, stock=1)
        [member] = rich_members(counter, 1)
        row = place(member, reward, counter.desk, is_confirmed=True)
        services.collect_redemption(row.pk, actor=ACTOR)
        services.cancel_redemption(row.pk, reason="broken", is_goods_back=False, actor=ACTOR)
        assert (available(member), stock_of(reward, counter.desk)) == (1_000, (0, 0))
        roll_up_all_sound()


def test_payers_pay_after_the_members_own_wallet(counter: Counter) -> None:
    reward = a_reward(counter, stock=1)
    [child] = rich_members(counter, 1, points=30)
    [parent] = rich_members(counter, 1, points=500)
    refused(NotFamily, place, child, reward, counter.desk, payers=(parent,))
    right = grant_family(parent, child, actor=ACTOR)
    row = place(child, reward, counter.desk, payers=(parent,), is_confirmed=True)
    assert (available(child), available(parent)) == (0, 430)
    services.cancel_redemption(row.pk, reason="changed their mind", actor=ACTOR)
    assert (available(child), available(parent)) == (30, 500)
    end_family(right.pk, owner_id=parent, actor=ACTOR)
    refused(NotFamily, place, child, reward, counter.desk, payers=(parent,))


def test_a_reward_says_every_fault_at_once(counter: Counter) -> None:
    with pytest.raises(RewardInvalid) as refusal:
        a_reward(counter, kind="goods", is_counted=False, least_tier="gold", limit_days=3)
    assert set(refusal.value.fields) == {"is_counted", "least_tier", "member_limit"}
    with pytest.raises(Invalid):
        a_reward(counter, code="no spaces please")


def test_a_past_year_is_recorded_at_once_and_once(counter: Counter) -> None:
    reward = a_reward(counter, stock=5)
    found = rich_members(counter, 3)
    at = Redemption._meta.get_field("placed_at") and wanted(found[0], reward, counter.desk)
    from mallard.kernel.clock import now

    when = now()
    past = [
        PastRedemption(
            key=f"old:{number}", member_id=member, reward_id=at.reward_id, desk_id=at.desk_id,
            quantity=1, placed_at=when, collected_at=when,
        )
        for number, member in enumerate(found)
    ]  # fmt: skip
    assert len(services.record_past_redemptions(past, actor=ACTOR)) == 3
    assert services.record_past_redemptions(past, actor=ACTOR) == []
    assert (available(found[0]), stock_of(reward, counter.desk)) == (900, (2, 0))
    receive(reward, counter.desk, 1)
    row = Redemption.objects.get(key="old:0")
    services.cancel_redemption(row.pk, reason="came back", actor=ACTOR)
    assert (available(found[0]), stock_of(reward, counter.desk)) == (1_000, (4, 0))
    roll_up_all_sound()


def test_a_reward_that_is_confirmed_and_never_collected_prolongs_nothing(
    counter: Counter, frozen_clock: Any
) -> None:
    """Regression: points lived for ever by confirming a reward each month and letting it lapse."""
    reward = a_reward(counter, stock=99)
    [member] = rich_members(counter, 1, points=200)
    [lot] = Lot.objects.filter(member=member)
    assert lot.expires_at is not None
    lives_until = lot.expires_at + dt.timedelta(days=30)
    frozen_clock.set(lot.expires_at - dt.timedelta(days=1))
    for _month in range(12):
        if available(member) < reward.points:
            break
        row = place(member, reward, counter.desk)
        row = services.confirm_redemption(row.pk, actor=ACTOR)
        assert row.collect_by is not None
        frozen_clock.set(row.collect_by)
        assert services.lapse_due(actor=ACTOR) == 1
        ledger.expire_due(actor=ACTOR)
    frozen_clock.set(lives_until)
    ledger.expire_due(actor=ACTOR)
    assert available(member) == 0
    [lot] = Lot.objects.filter(member=member)
    assert lot.expires_at == lives_until
