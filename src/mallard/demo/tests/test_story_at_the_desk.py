"""Friends who were brought, papers that were brought to the desk, and phones that were changed."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest
from duckdb import DuckDBPyConnection

from mallard.demo.calendar import FIRST_DAY, LAST_FULL_DAY, ZONE, business_day, shift_weeks
from mallard.demo.people import card_number, demographics, people
from mallard.demo.people_load import FRIEND_POINTS, load_members
from mallard.demo.place import BUSINESS_DAY_CUTOFF_HOUR, CURRENCY
from mallard.demo.receipts import Year
from mallard.demo.staff import actor_as
from mallard.demo.story import friends, paper, phones
from mallard.demo.tests.worlds import load_world
from mallard.kernel import clock
from mallard.kernel.access.actor import system
from mallard.kernel.provenance import Origin
from mallard.value.checkout.services import record_receipts
from mallard.value.counter.models import PaperReceipt, State
from mallard.value.counter.queries import answer_of, visible_paper
from mallard.value.ledger.models import Lot, Wallet
from mallard.value.ledger.rollups import roll_up_funder_days
from mallard.value.ledger.verification import verify
from mallard.value.loyalty.models import ReferralReward
from mallard.value.loyalty.services import settle_referrals
from mallard.value.sales.facts import LineInput, ReceiptInput
from mallard.value.sales.models import Receipt, Source
from mallard.value.wallets.queries import cooling_until
from mallard.value.watch.models import Alert
from mallard.value.watch.services import look
from mallard.world.members.models import Identity, Member, Relation
from mallard.world.members.queries import MemberRef, find_by_identities
from mallard.world.phones.models import PhoneChange
from mallard.world.phones.models import State as PhoneState
from mallard.world.tasks.models import Task
from mallard.world.tasks.showing import shown_tasks

pytestmark = pytest.mark.django_db
ACTOR = system("tests")
KEY = Path(__file__).parents[4] / "docs" / "explanation" / "demo-answer-key.md"
LOADED_AT = dt.datetime.combine(LAST_FULL_DAY, dt.time(9, 30), ZONE) + dt.timedelta(days=3)
NEWCOMERS = {one.member.card for one in friends.NEWCOMERS}
STRANGER = 43
DAY = dt.timedelta(days=1)


@pytest.fixture(scope="module")
def needed(year: Year, source: DuckDBPyConnection) -> list:
    """The households of the source that take part."""
    cards = {card_number(one.referrer) for one in friends.BROUGHT}
    cards |= {one.card for one in friends.BROUGHT} - NEWCOMERS
    cards |= {card_number(one.household) for one in paper.PAPERS}
    cards |= {
        card_number(one) for one in (paper.FOUND_BY, phones.LONG_AGO, phones.JUST_NOW, STRANGER)
    }
    everybody = people(year.first_visits(), demographics(source), weeks=0)
    found = [one for one in everybody if one.card in cards]
    assert {one.card for one in found} == cards
    return found


@pytest.fixture(scope="module")
def loaded(standing: None, year: Year, needed: list) -> None:
    """The places, the programme, the logins and those households."""
    with clock.frozen(LOADED_AT):
        load_world(year, weeks=0, actor=ACTOR)
        load_members(needed, actor=ACTOR)


@pytest.fixture
def world(loaded: None) -> Iterator[None]:
    """All that, three days after the year."""
    with clock.frozen(LOADED_AT):
        yield


def member_of(card: str) -> UUID:
    ref = MemberRef("card", card)
    return find_by_identities([ref])[ref].member_id


def buy(card: str, number: str, at: dt.datetime, *, store: str = "ES-SUP") -> Receipt:
    sale = ReceiptInput(
        store_code=store,
        number=number,
        occurred_at=at,
        currency=CURRENCY,
        member=MemberRef("card", card),
        lines=(LineInput(None, "Goods", 1_000, 5_000),),
        recorded_at=at,
    )
    [outcome] = record_receipts([sale], actor=ACTOR, source=Source.HISTORY)
    assert outcome.error is None
    return Receipt.objects.get(pk=outcome.receipt_id)


def balance(card: str) -> int:
    return sum(Wallet.objects.filter(member=member_of(card)).values_list("balance", flat=True))


def alerts() -> list[Alert]:
    begin = dt.datetime.combine(FIRST_DAY, dt.time(), ZONE)
    look(actor=ACTOR, since=begin, until=LOADED_AT)
    return list(Alert.objects.all())


def assert_sound() -> None:
    roll_up_funder_days()
    report = verify()
    assert report.is_sound, report


def test_who_brought_friends_who_bought_has_the_points_and_nobody_is_accused(world: None) -> None:
    for one in friends.BROUGHT:
        if one.card not in NEWCOMERS:
            joined = Member.objects.get(pk=member_of(one.card)).joined_at
            for n in range(2):
                buy(one.card, f"{one.card}-{n}", joined + dt.timedelta(days=1 + n))

    for _again in range(2):
        friends.plant(weeks=0, actor=ACTOR)

    told = Relation.objects.select_related("to_member")
    assert told.count() == len(friends.BROUGHT) == 12
    year_end = dt.datetime.combine(LAST_FULL_DAY + DAY, dt.time(), ZONE)
    assert all(row.to_member.joined_at < row.since < year_end for row in told)
    rewards = ReferralReward.objects.all()
    assert {row.points for row in rewards} == {FRIEND_POINTS}
    assert rewards.count() == len(friends.BROUGHT) - len(NEWCOMERS)
    assert all(row.decided_at > row.happened_at for row in rewards)
    by_referrer = Counter(
        card_number(one.referrer) for one in friends.BROUGHT if one.card not in NEWCOMERS
    )
    for card, count in by_referrer.items():
        assert balance(card) == FRIEND_POINTS * count
    given = Lot.objects.filter(transfer__source_kind="referral").select_related("funder")
    assert {lot.funder.owner_kind for lot in given} == {"mall"}
    assert settle_referrals([row.to_member_id for row in told], actor=ACTOR) == 0
    assert alerts() == []
    assert_sound()


def test_a_newcomer_who_buys_at_last_gives_the_points(world: None) -> None:
    friends.plant(weeks=0, actor=ACTOR)
    assert not ReferralReward.objects.exists()
    brought = friends.BROUGHT[-1]
    assert brought.card in NEWCOMERS
    buy(brought.card, "AFTER", LOADED_AT - dt.timedelta(hours=1))
    assert settle_referrals([member_of(brought.card)], actor=ACTOR) == 1
    assert balance(card_number(brought.referrer)) == FRIEND_POINTS


def test_each_paper_ends_as_the_key_says(world: None) -> None:
    at = dt.datetime.combine(LAST_FULL_DAY - 5 * DAY, dt.time(12), ZONE)
    anothers = buy(card_number(STRANGER), "SOMEBODYS", at)
    crm, agent = actor_as("crm_manager"), actor_as("service_agent")

    for _again in range(2):
        paper.plant(weeks=0, loaded_at=LOADED_AT, actor=ACTOR)

    rows = {row.number: row for row in visible_paper(agent)}
    assert {number: row.state for number, row in rows.items()} == {
        "P5-001": State.NAMED,
        "P5-002": State.RECORDED,
        "P5-003": State.DECLINED,
        "P5-004": State.RECORDED,
        "P5-005": State.WAITING,
        "SOMEBODYS": State.REFUSED,
    }
    for number in ("P5-001", "P5-002", "P5-004"):
        row = rows[number]
        assert row.points
        assert row.receipt is not None
        assert row.receipt.member_id == row.member_id
        assert Wallet.objects.get(member=row.member).balance >= row.points
    assert rows["P5-001"].receipt.source == Source.GENERATED
    assert {rows[one].decided_by_id for one in ("P5-002", "P5-003")} == {crm.id}
    assert "copy" in answer_of(rows["P5-003"])
    anothers.refresh_from_db()
    assert anothers.member_id == member_of(card_number(STRANGER))
    tasks = Task.objects.filter(subject_kind="paper_receipt")
    assert {task.origin for task in tasks} == {Origin.GENERATED}
    [waiting] = [task for task in tasks if task.closed_at is None]
    assert waiting.subject_id == rows["P5-005"].pk
    assert (waiting.role, tasks.count()) == ("crm_manager", 3)
    assert PaperReceipt.objects.filter(asked_at__gte=LOADED_AT).count() == 0
    assert alerts() == []
    assert_sound()


@pytest.mark.parametrize("days_after", range(1, 8))
def test_on_the_day_of_the_load_a_paper_waits_and_is_not_overdue(
    world: None, days_after: int
) -> None:
    """The load is on each of the seven days after the year's last, a Sunday."""
    assert LAST_FULL_DAY.isoweekday() == 7
    day = LAST_FULL_DAY + days_after * DAY
    assert shift_weeks(day) == 0
    begins = dt.datetime.combine(day, dt.time(BUSINESS_DAY_CUTOFF_HOUR), ZONE)
    with clock.frozen(begins):
        paper.plant(weeks=0, loaded_at=begins, actor=ACTOR)
    row = PaperReceipt.objects.get(state=State.WAITING)
    task = Task.objects.get(subject_kind="paper_receipt", closed_at=None)
    assert (task.subject_id, task.opened_at) == (row.pk, row.asked_at)
    assert row.occurred_at < row.asked_at < begins
    assert task.message == "paper_receipt"  # the till told nothing of that day
    approver, shown = actor_as("crm_manager"), []
    for at in (begins, begins + DAY - dt.timedelta(seconds=1)):
        with clock.frozen(at):
            shown.append(shown_tasks([task], approver)[task.pk].is_overdue)
    assert shown == [False, False]


def test_the_points_of_the_phone_that_was_changed_last_rest(world: None) -> None:
    old = set(Identity.objects.filter(kind="phone", closed_at=None).values_list("pk", flat=True))

    for _again in range(2):
        phones.plant(weeks=0, loaded_at=LOADED_AT)

    rows = PhoneChange.objects.order_by("asked_at")
    members = [member_of(card_number(one)) for one in (phones.LONG_AGO, phones.JUST_NOW)]
    assert [row.member_id for row in rows] == members
    assert {row.state for row in rows} == {PhoneState.DONE}
    for row in rows:
        assert row.decided_by_id != row.asked_by_id
        assert Identity.objects.get(pk=row.old_identity_id).closed_at == row.done_at
        assert row.new_identity_id not in old
    refs = [MemberRef("phone", phones.phone_of(one)) for one in (phones.LONG_AGO, phones.JUST_NOW)]
    assert [find_by_identities(refs)[ref].member_id for ref in refs] == members
    assert cooling_until([members[0]]) is None
    done_at = rows[1].done_at
    assert cooling_until([members[1]]) == done_at + DAY
    assert done_at + DAY > LOADED_AT
    with clock.frozen(done_at + DAY):
        assert cooling_until([members[1]]) is None
    assert {task.status for task in Task.objects.filter(subject_kind="phone_change")} == {"done"}


def test_the_tills_of_those_stores_told_nothing_on_those_days(year: Year) -> None:
    told = {
        (receipt.store, business_day(receipt.occurred_at))
        for receipt in year.receipts(year.visits - 12_000, year.visits, weeks=0)
    }
    assert (paper.NAMED.store, business_day(paper.NAMED.bought.of(0))) in told
    for one in paper.FROM_PAPER:
        day = business_day(one.bought.of(0))
        assert ("ES-SUP", day) in told
        assert (one.store, day) not in told


def test_friends_of_the_source_came_back_more_than_once(year: Year) -> None:
    """Else the fraud watch would take them for friends who were made up."""
    wanted = {one.card for one in friends.BROUGHT} - NEWCOMERS
    visits = Counter(
        card_number(receipt.household)
        for receipt in year.receipts(year.visits - 12_000, year.visits, weeks=0)
    )
    assert {card for card in wanted if visits[card] >= 2} == wanted


def test_their_phones_are_nobody_elses() -> None:
    households = {(h * 73_939_133 + 20_170_101) % 100_000_000 for h in range(1, 2_501)}
    changed = {98_000_000 + one for one in (phones.LONG_AGO, phones.JUST_NOW)}
    assert not households & changed


def test_the_answer_key_names_them_all() -> None:
    key = KEY.read_text(encoding="utf-8")
    for one in paper.PAPERS:
        assert f"`{one.number}`" in key
        assert f"`{one.store}`" in key
    for household in (phones.LONG_AGO, phones.JUST_NOW, paper.FOUND_BY):
        assert f"`{card_number(household)}`" in key
    for brought in friends.BROUGHT:
        assert f"`{card_number(brought.referrer)}`" in key
    for newcomer in friends.NEWCOMERS:
        assert newcomer.member.name in key
    assert f"{FRIEND_POINTS} points" in key
