"""On one business day of the demo's year base points count twice."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import duckdb
import pytest

from mallard.demo.calendar import FIRST_DAY, LAST_FULL_DAY, ZONE
from mallard.demo.people import demographics, people
from mallard.demo.people_load import MEMBER_DAY, load_members, load_programme, member_day
from mallard.demo.place import CURRENCY
from mallard.demo.place_load import load_place
from mallard.demo.receipts import Year
from mallard.kernel.access.actor import system
from mallard.value.checkout.services import record_receipts
from mallard.value.loyalty.queries import forget_programme
from mallard.value.sales.facts import LineInput, ReceiptInput
from mallard.value.sales.models import Source
from mallard.world.malls.queries import forget_store_facts
from mallard.world.members.queries import MemberRef

ACTOR = system("tests")
KEY = Path(__file__).parents[4] / "docs" / "explanation" / "demo-answer-key.md"
WEEKS = 464


def test_it_is_a_saturday_within_the_year_and_the_answer_key_names_it() -> None:
    first, last = member_day(weeks=0)
    assert first.astimezone(ZONE).date() == FIRST_DAY + dt.timedelta(days=MEMBER_DAY)
    assert first.astimezone(ZONE).isoweekday() == 6
    assert last - first == dt.timedelta(days=1)
    assert last.date() < LAST_FULL_DAY
    assert f"On day {MEMBER_DAY}, a Saturday" in KEY.read_text("utf-8")


@pytest.mark.django_db
def test_a_purchase_of_that_day_earns_twice(year: Year, source: duckdb.DuckDBPyConnection) -> None:
    forget_store_facts()
    forget_programme()
    load_place(year.stores(), weeks=WEEKS, actor=ACTOR)
    load_programme(weeks=WEEKS, actor=ACTOR)
    everybody = people(year.first_visits(), demographics(source), weeks=WEEKS)
    person = next(one for one in everybody if one.joined_at < member_day(weeks=WEEKS)[0])
    load_members([person], actor=ACTOR)
    first, last = member_day(weeks=WEEKS)
    minute = dt.timedelta(minutes=1)
    moments = [first - minute, first, last - minute, last]
    outcomes = record_receipts(
        [
            ReceiptInput(
                store_code="ES-SUP",
                number=f"MD-{number}",
                occurred_at=at,
                currency=CURRENCY,
                member=MemberRef("card", person.card),
                lines=(LineInput(None, "Rye bread", 1_000, 1_240),),
                recorded_at=at,
            )
            for number, at in enumerate(moments)
        ],
        actor=ACTOR,
        source=Source.HISTORY,
    )
    assert [outcome.points for outcome in outcomes] == [12, 24, 24, 12]
