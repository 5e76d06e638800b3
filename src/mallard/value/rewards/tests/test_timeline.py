"""What apps tell in the timeline, and to whom: points, tiers, redemptions, tasks, requests."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from mallard.kernel.access.actor import WHOLE_GROUP, Actor, Scope
from mallard.kernel.clock import now
from mallard.kernel.ids import uuid7
from mallard.value.ledger.permissions import VIEW_WALLET
from mallard.value.loyalty.models import Tier, TierOverride
from mallard.value.loyalty.permissions import VIEW_PROGRAMME
from mallard.value.loyalty.services import give_tier
from mallard.value.rewards import services as rewards
from mallard.value.rewards.permissions import VIEW_REWARD
from mallard.value.rewards.tests.factories import Counter, a_counter, a_reward, give, place
from mallard.value.wallets import services as wallets
from mallard.value.wallets.permissions import CHANGE_POINTS
from mallard.world.members.models import Member
from mallard.world.members.panels import MemberInView
from mallard.world.members.permissions import VIEW_MEMBER
from mallard.world.members.queries import records_of
from mallard.world.members.services import merge_members
from mallard.world.members.tests.factories import SYSTEM, a_member, an_actor
from mallard.world.members.timelines import timeline_of
from mallard.world.privacy import services as privacy
from mallard.world.privacy.permissions import VIEW_REQUEST
from mallard.world.staff.queries import actor_for_user
from mallard.world.staff.tests.factories import a_staff_user
from mallard.world.tasks import services as tasks
from mallard.world.tasks.inputs import TaskInput
from mallard.world.tasks.permissions import VIEW_EVERY_TASK, VIEW_TASK

pytestmark = pytest.mark.django_db
ALL = an_actor(
    VIEW_MEMBER, VIEW_WALLET, CHANGE_POINTS, VIEW_REWARD, VIEW_TASK, VIEW_EVERY_TASK, VIEW_REQUEST
)


@pytest.fixture
def desk() -> Counter:
    return a_counter()


def told(member_id: UUID, actor: Actor = ALL, kind: str = "") -> list[str]:
    member = Member.objects.get(pk=member_id)
    view = MemberInView(member, records_of([member_id])[member_id], actor)
    return [str(one.title) for one in timeline_of(view, kind=kind, limit=100).entries]


def change(member: UUID, desk: Counter, points: int, actor: Actor) -> wallets.ChangeInput:
    return wallets.ChangeInput(
        member_id=member, points=points, key=f"t:{uuid7()}", kind="adjust",
        reason="The till was down", funder_kind="mall", funder_id=desk.desk.mall_id,
    )  # fmt: skip


def lived(desk: Counter) -> UUID:
    """A member to whom much happened."""
    member, other = a_member().id, a_member().id
    staff = actor_for_user(a_staff_user("crm_manager", scope=WHOLE_GROUP))
    give(desk, member, 900)
    wallets.request_change(change(member, desk, -100, staff), actor=staff)
    big = wallets.request_change(change(member, desk, 5_000, staff), actor=staff)
    second = actor_for_user(a_staff_user("crm_manager", scope=WHOLE_GROUP))
    wallets.decide_request(big.pk, is_approved=False, actor=second)
    wallets.give_points(giver_id=member, receiver_id=other, points=50, key="g", actor=SYSTEM)
    row = place(member, a_reward(desk, stock=3), desk.desk, is_confirmed=True)
    rewards.cancel_redemption(row.pk, reason="changed their mind", actor=SYSTEM)
    wallets.freeze_wallet(member, reason="Strangers' receipts", actor=SYSTEM)
    wallets.release_wallet(member, reason="It was a mistake", actor=SYSTEM)
    privacy.ask(member, "export", actor=SYSTEM)
    opened = tasks.open_task(
        TaskInput(kind="other", title="Ring back", member_id=member, role="crm_manager"),
        actor=SYSTEM,
    )
    tasks.finish_task(opened.id, outcome="Reached", actor=SYSTEM)
    return member


def test_everything_is_told(desk: Counter) -> None:
    whole = "\n".join(told(lived(desk)))
    for said in (
        "Earned: 900 points", "Adjusted: -100 points", "Adjusted: -50 points",
        "Adjustment asked for: 5,000 points", "Adjustment refused: 5,000 points", "Redeemed:",
        "Redemption ended:", "Redemption reversed:", "Points frozen", "Points released",
        "Privacy request: Copy of their data", "Task done:",
    ):  # fmt: skip
        assert said in whole.replace("−", "-"), said


def test_a_redemption_is_told_once_and_by_points_to_who_sees_no_rewards(desk: Counter) -> None:
    member = lived(desk)
    assert not [one for one in told(member, kind="points") if one.startswith("Redeemed:")]
    only_wallets = an_actor(VIEW_MEMBER, VIEW_WALLET)
    assert [one for one in told(member, only_wallets) if one.startswith("Redeemed:")]


@pytest.mark.parametrize(
    ("missing", "words"),
    [
        (VIEW_WALLET, ("Earned:", "Adjusted:", "Points frozen")),
        (CHANGE_POINTS, ("Adjustment asked",)),
        (VIEW_REWARD, ("Redemption ended:",)),
        (VIEW_TASK, ("Task",)),
        (VIEW_REQUEST, ("Privacy request",)),
    ],
)
def test_who_may_not_see_it_is_not_told(
    desk: Counter, missing: str, words: tuple[str, ...]
) -> None:
    member = lived(desk)
    some = an_actor(*(ALL.permissions - {missing}))
    for title in told(member, some):
        assert not title.startswith(words), title
    assert [title for title in told(member) if title.startswith(words)]


def test_another_mall_is_not_told_what_happened_here(desk: Counter) -> None:
    member = lived(desk)
    elsewhere = an_actor(
        *ALL.permissions, scope=Scope(mall_ids=frozenset([desk.trade.bakery.mall_id, uuid7()]))
    )
    far = an_actor(*ALL.permissions, scope=Scope(mall_ids=frozenset([uuid7()])))
    assert [one for one in told(member, elsewhere) if one.startswith("Redemption")]
    for title in told(member, far):
        assert not title.startswith(("Redeemed:", "Earned:", "Adjusted:", "Task")), title


def test_the_survivor_tells_what_happened_to_the_merged_record(desk: Counter) -> None:
    merged, survivor = lived(desk), a_member().id
    before = set(told(merged))
    merge_members(survivor, merged_id=merged, actor=SYSTEM)
    assert before <= set(told(survivor))


def test_statements_do_not_grow_with_what_happened(desk: Counter) -> None:
    member = lived(desk)

    def counted() -> int:
        with CaptureQueriesContext(connection) as seen:
            told(member)
        return len(seen)

    counted()
    few = counted()
    for _more in range(3):
        give(desk, member, 10)
        wallets.freeze_wallet(member, reason="Looked at again", actor=SYSTEM)
        wallets.release_wallet(member, reason="All is well", actor=SYSTEM)
        tasks.open_task(
            TaskInput(kind="other", title="Again", member_id=member, role="crm_manager"),
            actor=SYSTEM,
        )
    assert counted() == few


def test_tiers_stand_at_the_day_from_which_they_count(desk: Counter) -> None:
    tier = Tier.objects.latest("rank")
    member = a_member().id
    today = now().date()
    give_tier(
        member, tier_code=tier.code, last_day=today + dt.timedelta(days=90), reason="A friend",
        actor=SYSTEM,
    )  # fmt: skip
    TierOverride.objects.update(first_day=today - dt.timedelta(days=1))
    sees = an_actor(VIEW_MEMBER, VIEW_PROGRAMME)
    [title] = told(member, sees, kind="tiers")
    assert tier.name in title
    shop = an_actor(
        VIEW_MEMBER, VIEW_PROGRAMME, scope=Scope(store_ids=frozenset([desk.trade.bakery.pk]))
    )
    assert told(member, shop, kind="tiers") == []
