"""Where only a part of the year is loaded, the story finds nobody to tell of, and goes on."""

from __future__ import annotations

import datetime as dt

import pytest

from mallard.demo.calendar import LAST_FULL_DAY, ZONE
from mallard.demo.receipts import Year
from mallard.demo.story import friends, paper, phones
from mallard.demo.tests.worlds import load_world
from mallard.kernel import clock
from mallard.kernel.access.actor import system
from mallard.value.counter.models import PaperReceipt
from mallard.world.members.models import Member, Relation
from mallard.world.phones.models import PhoneChange

pytestmark = pytest.mark.django_db
ACTOR = system("tests")
LOADED_AT = dt.datetime.combine(LAST_FULL_DAY, dt.time(9, 30), ZONE) + dt.timedelta(days=3)


def test_a_part_of_the_year_has_fewer_of_them(year: Year) -> None:
    with clock.frozen(LOADED_AT):
        load_world(year, weeks=0, actor=ACTOR)
        friends.plant(weeks=0, actor=ACTOR)
        paper.plant(weeks=0, loaded_at=LOADED_AT, actor=ACTOR)
        phones.plant(weeks=0, loaded_at=LOADED_AT)
    assert Member.objects.count() == len(friends.NEWCOMERS)
    assert not Relation.objects.exists()
    assert not PaperReceipt.objects.exists()
    assert not PhoneChange.objects.exists()
