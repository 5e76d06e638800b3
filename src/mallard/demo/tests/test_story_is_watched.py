"""The fraud watch finds what the answer key says is planted, and nobody honest besides."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest

from mallard.demo.calendar import FIRST_DAY, ZONE
from mallard.demo.people_load import load_programme
from mallard.demo.place import CURRENCY
from mallard.demo.place_load import load_place
from mallard.demo.receipts import Year
from mallard.demo.story import frauds
from mallard.demo.story import people as story_people
from mallard.demo.story.people import ASSISTANTS_CARD, CASHIERS_CARD, RETURNER, SPLITTER
from mallard.kernel import clock
from mallard.kernel.access.actor import system
from mallard.value.checkout.services import record_receipts
from mallard.value.loyalty.queries import forget_programme
from mallard.value.sales.facts import LineInput, ReceiptInput
from mallard.value.sales.models import Receipt, Source
from mallard.value.watch.models import Alert, Evidence
from mallard.value.watch.services import look
from mallard.world.malls.queries import forget_store_facts
from mallard.world.members.inputs import Enrolment, IdentityInput
from mallard.world.members.queries import MemberRef, find_by_identities
from mallard.world.members.services import enrol_members

pytestmark = pytest.mark.django_db
ACTOR = system("tests")
KEY = Path(__file__).parents[4] / "docs" / "explanation" / "demo-answer-key.md"
WEEKS_LATER = dt.datetime.combine(FIRST_DAY, dt.time(), ZONE) + dt.timedelta(days=400)
MEMBERS = 60
PLANTED = {
    ("strangers", CASHIERS_CARD.card): "P1",
    ("own_till", CASHIERS_CARD.card): "P1",
    ("strangers", ASSISTANTS_CARD.card): "P2",
    ("own_till", ASSISTANTS_CARD.card): "P2",
    ("brought_back", RETURNER.card): "P3",
    ("split", SPLITTER.card): "P4",
}


def phone(n: int) -> str:
    return f"+8613700000{n:03d}"


def honest_members() -> None:
    joined = dt.datetime(FIRST_DAY.year - 1, 1, 1, tzinfo=ZONE)
    enrol_members(
        [
            Enrolment(
                profile={"name": f"Honest {n}"},
                identities=(IdentityInput("phone", phone(n)),),
                joined_at=joined,
                recorded_at=joined,
            )
            for n in range(MEMBERS)
        ],
        actor=ACTOR,
    )


def honest_trade(stretch: frauds.Stretch) -> None:
    """Eight receipts a day by other members, from four weeks before a stretch until after it."""
    first = FIRST_DAY + dt.timedelta(weeks=stretch.week - 4)
    sold = []
    for day in range(28 + stretch.days + 5):
        for n in range(8):
            number = day * 8 + n
            at = dt.datetime.combine(first, dt.time(10 + n), ZONE) + dt.timedelta(days=day)
            amount = stretch.least_minor + 2_000 + number % 700
            sold.append(
                ReceiptInput(
                    store_code=stretch.store,
                    number=f"H-{number}",
                    occurred_at=at,
                    currency=CURRENCY,
                    member=MemberRef("phone", phone(number * 7 % MEMBERS)),
                    lines=(LineInput(None, "Goods", 1_000, amount),),
                    recorded_at=at,
                )
            )
    outcomes = record_receipts(sold, actor=ACTOR, source=Source.HISTORY)
    assert all(one.receipt_id for one in outcomes)


@pytest.fixture(scope="module")
def loaded(standing: None, year: Year) -> None:
    """The places of the demo, honest trade in four stores, and the frauds."""
    with clock.frozen(WEEKS_LATER):
        forget_programme()
        forget_store_facts()
        load_place(year.stores(), weeks=0, actor=ACTOR)
        load_programme(weeks=0, actor=ACTOR)
        honest_members()
        for stretch in frauds.STRETCHES:
            honest_trade(stretch)
        story_people.employ(actor=ACTOR)
        story_people.enrol(story_people.MEMBERS, weeks=0, actor=ACTOR)
        frauds.plant(weeks=0, actor=ACTOR)


@pytest.fixture
def planted(loaded: None) -> Iterator[None]:
    with clock.frozen(WEEKS_LATER):
        yield


def look_over_the_year() -> list[Alert]:
    begin = dt.datetime.combine(FIRST_DAY, dt.time(), ZONE)
    look(actor=ACTOR, since=begin, until=begin + dt.timedelta(days=400))
    return list(Alert.objects.all())


def test_every_planted_fraud_is_found_and_nobody_else_is_accused(planted: None) -> None:
    refs = {MemberRef("card", card): (pattern, card) for pattern, card in PLANTED}
    members = {ref: found.member_id for ref, found in find_by_identities(list(refs)).items()}
    cards = {member_id: ref.value for ref, member_id in members.items()}
    found = look_over_the_year()
    assert {(one.pattern, cards.get(one.member_id, "")) for one in found} == set(PLANTED)  # type: ignore[call-overload]
    assert len(found) == len(PLANTED)


def test_the_evidence_is_the_receipts_that_the_key_names(planted: None) -> None:
    for alert in look_over_the_year():
        ids = Evidence.objects.filter(alert=alert, kind="receipt").values("fact_id")
        numbers = set(Receipt.objects.filter(pk__in=ids).values_list("number", flat=True))
        every = set(
            Receipt.objects.filter(member=alert.member_id, number__startswith="P").values_list(
                "number", flat=True
            )
        )
        if alert.pattern == "brought_back":  # only those whose points she had spent
            assert numbers
            assert numbers <= every
        else:
            assert numbers == every
        codes = {code for (pattern, _card), code in PLANTED.items() if pattern == alert.pattern}
        assert {number[:2] for number in numbers} <= codes


def test_a_second_look_accuses_nobody_anew(planted: None) -> None:
    first = {one.pk for one in look_over_the_year()}
    assert {one.pk for one in look_over_the_year()} == first


def test_the_answer_key_tells_as_many_as_are_planted() -> None:
    text = " ".join(KEY.read_text(encoding="utf-8").split())
    assert f"**8 alerts: {len(PLANTED)} are the four frauds above, 2 are false alarms**" in text
