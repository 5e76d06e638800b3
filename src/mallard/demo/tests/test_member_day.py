"""On one business day of the demo's year base points count twice."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import duckdb
import pytest
from django.utils.translation import override

from mallard.demo.calendar import FIRST_DAY, LAST_FULL_DAY, ZONE
from mallard.demo.people import demographics, people
from mallard.demo.people_load import (
    MEMBER_DAY,
    MEMBER_DAY_RULE,
    load_members,
    load_programme,
    member_day,
)
from mallard.demo.place import CURRENCY
from mallard.demo.place_load import load_place
from mallard.demo.receipts import Year
from mallard.kernel.access.actor import system
from mallard.value.checkout.services import record_receipts
from mallard.value.loyalty.explaining import explain, glossary
from mallard.value.loyalty.queries import forget_programme, latest_assessments
from mallard.value.sales.facts import LineInput, ReceiptInput
from mallard.value.sales.models import Source
from mallard.world.malls.queries import forget_store_facts
from mallard.world.members.queries import MemberRef

ACTOR = system("tests")
KEY = Path(__file__).parents[4] / "docs" / "explanation" / "demo-answer-key.md"
WEEKS = 464
IN_WORDS = "24 = 12 base + 12 Member day: double points"


def test_it_is_a_saturday_within_the_year_and_the_answer_key_names_it() -> None:
    first, last = member_day(weeks=0)
    assert first.astimezone(ZONE).date() == FIRST_DAY + dt.timedelta(days=MEMBER_DAY)
    assert first.astimezone(ZONE).isoweekday() == 6
    assert last - first == dt.timedelta(days=1)
    assert last.date() < LAST_FULL_DAY
    key = KEY.read_text("utf-8")
    assert f"On day {MEMBER_DAY}, a Saturday" in key
    assert f"**{IN_WORDS}**" in key


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

    ids = [outcome.receipt_id for outcome in outcomes if outcome.receipt_id]
    found = latest_assessments(ids)
    before, during = found[ids[0]], found[ids[1]]
    assert MEMBER_DAY_RULE not in {step.code for step in before.steps if step.points}
    # The store's tenant pays for the base rule, the mall for the day.
    assert (before.tenant_points, before.mall_points) == (12, 0)
    assert (during.tenant_points, during.mall_points) == (12, 12)
    with override("en"):
        assert explain(during, glossary([during])).summary == IN_WORDS
    with override("zh-hans"):
        assert "会员日双倍积分" in explain(during, glossary([during])).summary
