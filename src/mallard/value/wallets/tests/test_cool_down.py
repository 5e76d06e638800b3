"""After a change of phone nothing is spent for a time, whichever way; earning goes on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

import orjson
import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from mallard.kernel.access.actor import WHOLE_GROUP, Scope
from mallard.kernel.errors import DomainError
from mallard.kernel.ids import uuid7
from mallard.kernel.outbox.models import OutboxEvent
from mallard.kernel.settings.services import change_setting
from mallard.value.ledger import services as ledger
from mallard.value.ledger.models import Transfer
from mallard.value.ledger.tests.factories import ACTOR, accrual, redemption
from mallard.value.ledger.tests.factories import counter as a_till
from mallard.value.rewards import services as rewards
from mallard.value.rewards.models import Redemption, Status
from mallard.value.rewards.tests.factories import Counter, a_counter, a_reward, place
from mallard.value.wallets import family, queries, services
from mallard.value.wallets.errors import NotCoolingDown, ReasonNeeded, SpendingCoolingDown
from mallard.value.wallets.models import CoolDownLift
from mallard.value.wallets.tests.test_services import a_person, balance, earn
from mallard.world.members.inputs import IdentityInput
from mallard.world.members.models import Identity, Member
from mallard.world.members.services import add_identity, merge_members, remove_identity
from mallard.world.memberweb.models import WayIn
from mallard.world.memberweb.services import begin_session
from mallard.world.memberweb.sessions import COOKIE
from mallard.world.staff.services import create_api_key
from mallard.world.staff.tests.factories import a_staff_user

pytestmark = pytest.mark.django_db

NEW = iter(range(13_700_000_000, 13_700_001_000))


@pytest.fixture
def desk(frozen_clock: Any) -> Counter:
    return a_counter()


def change_phone(member: UUID) -> None:
    """As a desk does it: the old one goes, the new one comes."""
    for old in Identity.objects.filter(member=member, kind="phone", closed_at=None):
        remove_identity(old.pk, member_id=member, actor=ACTOR)
    add_identity(member, IdentityInput("phone", str(next(NEW))), actor=ACTOR)


def rich(desk: Counter, points: int = 1_000) -> UUID:
    member = a_person()
    earn(member, desk.trade.place, points)
    return member


def refused(call: Callable[[], object]) -> SpendingCoolingDown:
    """The refusal; nothing moved."""
    before = (Transfer.objects.count(), Redemption.objects.count())
    with pytest.raises(SpendingCoolingDown) as caught, transaction.atomic():
        call()
    assert (Transfer.objects.count(), Redemption.objects.count()) == before
    return caught.value


def test_every_way_of_spending_waits(desk: Counter, frozen_clock: Any) -> None:
    member, other = rich(desk), a_person()
    reward = a_reward(desk, stock=9)
    held = ledger.place_hold(
        redemption(member, a_till()), deadline_at=accrual(member, uuid7()).expires_at, actor=ACTOR
    )
    waiting = place(member, reward, desk.desk)
    confirmed = place(member, reward, desk.desk, is_confirmed=True)
    change_phone(member)
    till = a_till()
    gift = {"giver_id": member, "receiver_id": other, "points": 1, "key": "g", "actor": ACTOR}
    ways: list[Callable[[], object]] = [
        lambda: ledger.redeem([redemption(member, till)], actor=ACTOR),
        lambda: ledger.post_hold(held.hold_id, group_id=uuid7(), actor=ACTOR),
        lambda: ledger.place_hold(
            redemption(member, till), deadline_at=accrual(member, till).expires_at, actor=ACTOR
        ),
        lambda: place(member, reward, desk.desk),
        lambda: place(member, reward, desk.desk, is_confirmed=True),
        lambda: rewards.confirm_redemption(waiting.pk, actor=ACTOR),
        lambda: rewards.collect_redemption(confirmed.pk, actor=ACTOR),
    ]
    for way in ways:
        assert "points can be spent from" in refused(way).sentence
    with pytest.raises(DomainError), transaction.atomic():
        services.give_points(**gift)
    confirmed.refresh_from_db()
    assert confirmed.status == Status.CONFIRMED
    earn(member, desk.trade.place, 50)
    frozen_clock.advance(hours=24)
    assert queries.cooling_until([member]) is None
    rewards.collect_redemption(confirmed.pk, actor=ACTOR)
    place(member, reward, desk.desk, is_confirmed=True)


def test_what_a_member_takes_back_is_no_spending(desk: Counter) -> None:
    member = rich(desk)
    waiting = place(member, a_reward(desk, stock=1), desk.desk)
    change_phone(member)
    rewards.cancel_redemption(waiting.pk, reason="They changed their mind", actor=ACTOR)
    assert balance(member) == 1_000


def test_a_family_pays_nothing_either(desk: Counter) -> None:
    owner, spender = rich(desk), a_person()
    family.grant_family(owner, spender, actor=ACTOR)
    change_phone(owner)
    refused(lambda: place(spender, a_reward(desk, stock=1), desk.desk, payers=(owner,)))


def test_a_merged_record_waits_with_its_person(desk: Counter) -> None:
    member, lost = rich(desk), rich(desk)
    change_phone(member)
    merge_members(member, merged_id=lost, actor=ACTOR)
    refused(lambda: ledger.redeem([redemption(lost, a_till())], actor=ACTOR))


def test_a_first_phone_and_an_older_change_are_no_reason(desk: Counter, frozen_clock: Any) -> None:
    member = rich(desk)
    assert queries.cooling_until([member]) is None
    change_phone(member)
    change_setting("wallets.spend_cool_down_hours", value=2, actor=ACTOR)
    frozen_clock.advance(hours=1)
    assert queries.cooling_until([member]) is not None
    frozen_clock.advance(hours=1)
    ledger.redeem([redemption(member, a_till())], actor=ACTOR)
    change_phone(member)
    change_setting("wallets.spend_cool_down_hours", value=0, actor=ACTOR)
    ledger.redeem([redemption(member, a_till())], actor=ACTOR)


def test_a_manager_lifts_it_with_a_reason_and_a_later_change_begins_anew(
    desk: Counter, frozen_clock: Any
) -> None:
    member = rich(desk)
    with pytest.raises(NotCoolingDown):
        services.lift_cool_down(member, reason="They stand here", actor=ACTOR)
    change_phone(member)
    with pytest.raises(ReasonNeeded):
        services.lift_cool_down(member, reason="no", actor=ACTOR)
    frozen_clock.advance(minutes=1)
    row = services.lift_cool_down(member, reason="They stand here", actor=ACTOR)
    assert b"stand" not in bytes(row.reason_sealed)
    assert OutboxEvent.objects.filter(name="wallets.cool_down_lifted").count() == 1
    ledger.redeem([redemption(member, a_till())], actor=ACTOR)
    frozen_clock.advance(minutes=1)
    change_phone(member)
    refused(lambda: ledger.redeem([redemption(member, a_till())], actor=ACTOR))


def signed_in(role: str) -> Client:
    client = Client()
    client.force_login(
        a_staff_user(role, scope=WHOLE_GROUP), "django.contrib.auth.backends.ModelBackend"
    )
    return client


def test_it_is_said_at_the_desk(desk: Counter) -> None:
    member = rich(desk)
    change_phone(member)
    manager, agent = signed_in("crm_manager"), signed_in("service_agent")
    told = "points can be spent from"
    assert told in manager.get(reverse("wallets:wallet", args=[member])).content.decode()
    assert told in agent.get(reverse("rewards:at_counter", args=[member])).content.decode()
    detail = reverse("members:detail", args=[member])
    assert "No points to spend until" in agent.get(detail).content.decode()
    lift = reverse("wallets:lift", args=[member])
    assert agent.post(lift, {"reason": "They stand here"}).status_code == 403
    assert CoolDownLift.objects.count() == 0


def test_a_till_is_told_through_the_api(desk: Counter) -> None:
    member, reward = rich(desk), a_reward(desk, stock=1)
    Member.objects.filter(pk=member).update(enrolled_mall_id=desk.desk.mall_id)
    change_phone(member)
    made = create_api_key(
        name="till",
        scope=Scope(mall_ids=frozenset([desk.desk.mall_id])),
        permissions=("rewards.view_reward", "rewards.redeem_reward", "members.view_member"),
        actor=ACTOR,
    )
    answer = Client().post(
        "/api/v1/rewards/redemptions",
        orjson.dumps({"member_id": str(member), "reward": reward.code, "desk": "LAKE-D1"}),
        content_type="application/json",
        headers={"Authorization": f"Bearer {made.plain}"},
    )
    assert (answer.status_code, answer.json()["code"]) == (409, "wallets.spending_cooling_down")
    assert "points can be spent from" in answer.json()["title"]
    assert balance(member) == 1_000


def test_members_read_it_on_their_own_page(desk: Counter, client: Client) -> None:
    member = rich(desk)
    change_phone(member)
    session = begin_session(Member.objects.get(pk=member), way_in=WayIn.LINK)
    client.cookies[COOKIE] = session.token
    page = client.get(reverse("portal:points")).content.decode()
    assert "Your phone was changed lately" in page
