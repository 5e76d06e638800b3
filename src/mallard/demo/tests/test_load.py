"""The load: exact, resumable wherever it is killed, and never into somebody's own data."""

from __future__ import annotations

import dataclasses
import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import nullcontext
from datetime import timedelta

import pytest
from django.db import transaction
from django.db.models import F, Sum
from duckdb import DuckDBPyConnection

from mallard.demo import load as loading
from mallard.demo.calendar import FIRST_DAY
from mallard.demo.feeds import FeedBatch, as_input, record_batch
from mallard.demo.load import Manner, NotADemoError, begin, run
from mallard.demo.models import DemoFeed, DemoLoad
from mallard.demo.place_details import ROLES
from mallard.demo.place_load import load_place
from mallard.demo.products import sku_of
from mallard.demo.receipts import DemoLine, DemoReceipt, Year
from mallard.demo.reset import drop_everything
from mallard.demo.source import open_source
from mallard.demo.story import children, chosen, friends, paper, phones, privacy, twice
from mallard.demo.story import people as story_people
from mallard.demo.tests.state import state
from mallard.demo.workers import RefusedReceiptsError
from mallard.kernel.access.actor import system
from mallard.kernel.processes import database_address
from mallard.value.counter.models import PaperReceipt
from mallard.value.ledger.verification import verify
from mallard.value.loyalty.models import Assessment
from mallard.value.loyalty.queries import forget_programme
from mallard.value.sales.models import Receipt, Source, Tender
from mallard.world.duplicates.models import DuplicatePair
from mallard.world.lists.models import MemberList
from mallard.world.malls import queries as mall_queries
from mallard.world.malls import services as malls
from mallard.world.malls.contacts.services import contacts_of
from mallard.world.malls.facts import GroupInput
from mallard.world.malls.models import Mall, Store, Tenant
from mallard.world.malls.opening import openings_of
from mallard.world.members.models import Child, Member, MemberTag, Relation
from mallard.world.members.queries import find_by_identities
from mallard.world.phones.models import PhoneChange
from mallard.world.privacy.models import PrivacyRequest
from mallard.world.quality.models import MemberQuality

VISITS = 240
SMALL = Manner(feeds=2, batch_visits=25, is_parallel=False, most_visits=VISITS)


@pytest.fixture(scope="module")
def small_year() -> Iterator[tuple[DuckDBPyConnection, Year]]:
    """The part of the year that is loaded here, read once."""
    with open_source(is_checked=True) as source:
        yield source, Year(source, most_visits=VISITS)


@pytest.fixture(scope="module")
def receipts(small_year) -> list[DemoReceipt]:
    return small_year[1].receipts(0, VISITS, weeks=0)


@pytest.fixture(autouse=True)
def read_once(monkeypatch, small_year) -> None:
    """`run` in this process takes the year that is read already; caches begin empty."""
    source, year = small_year
    monkeypatch.setattr(loading, "open_source", lambda: nullcontext(source))
    monkeypatch.setattr(loading, "Year", lambda _source, most_visits: year)
    # These outlive the rows of the test before, whose transaction was rolled back.
    mall_queries.forget_store_facts()
    forget_programme()


@pytest.mark.django_db
def test_what_was_sold_is_what_is_recorded(receipts):
    load = begin()
    steps = list(run(load, manner=SMALL))

    load.refresh_from_db()
    assert load.stage == DemoLoad.Stage.FINISHED
    assert load.finished_at is not None
    assert list(DemoFeed.objects.values_list("done_visits", flat=True)) == [VISITS, VISITS]
    assert [step.done for step in steps if step.stage == DemoLoad.Stage.RECEIPTS][-1] == VISITS
    told = Receipt.objects.filter(source=Source.HISTORY)
    assert told.count() == len(receipts)
    assert told.aggregate(net=Sum("net_minor"))["net"] == sum(
        receipt.amount_minor for receipt in receipts
    )
    assert Assessment.objects.filter(receipt__in=told).count() == told.count()
    households = {receipt.household for receipt in receipts}
    newcomers = [one.member for one in friends.NEWCOMERS]
    young = [one.member(weeks=load.weeks) for one in children.CHILDREN]
    planted = (*story_people.MEMBERS, *twice.TWICE, *twice.TWINS, *newcomers, *young)
    assert Member.objects.count() == len(households) + len(planted)
    ids = {ref: one.member_id for ref, one in find_by_identities([p.ref for p in planted]).items()}
    pairs = {frozenset(pair) for pair in DuplicatePair.objects.values_list("first", "second")}
    for first, second in zip(twice.TWICE[::2], twice.TWICE[1::2], strict=True):
        assert frozenset((ids[first.ref], ids[second.ref])) in pairs
    asked = [one for one in privacy.ASKED if one.household in households]
    assert PrivacyRequest.objects.count() == len(asked)
    tagged = [number for number in chosen.TAGS["young-family"] if number in households]
    assert MemberTag.objects.filter(tag__code="young-family").count() == len(tagged)
    assert MemberList.objects.count() == len(chosen.LISTS)
    brought = [one for one in paper.PAPERS if one.household in households]
    assert len(brought) == PaperReceipt.objects.count() >= 4
    changed = {phones.LONG_AGO, phones.JUST_NOW} & households
    assert len(changed) == PhoneChange.objects.count() == 2
    assert Relation.objects.count() == len(friends.NEWCOMERS)
    # The last measurement finds the same children as the night in the year.
    assert set(Child.objects.values_list("pk", flat=True)) == {ids[one.ref] for one in young}
    assert MemberQuality.objects.count() == Member.objects.filter(status="open").count()
    assert (Mall.objects.count(), Store.objects.count()) == (7, 139)
    assert not told.exclude(recorded_at=F("occurred_at")).exists()
    # Nothing arrives late, so nothing is assessed twice.
    assert not Assessment.objects.filter(receipt__in=told, revision__gt=1).exists()
    assert_tenants_fund_base_points_and_the_mall_half_of_dining_and_the_bonus()
    assert_only_coupons_are_known_means_of_payment()
    before = state()
    list(run(begin(), manner=SMALL))
    assert state() == before


def assert_tenants_fund_base_points_and_the_mall_half_of_dining_and_the_bonus():
    dining = Assessment.objects.filter(explanation__0__0="dining", tenant_points__gt=1)
    assert dining.exists()
    for assessment in dining:
        base = assessment.points - assessment.bonus_points
        assert assessment.mall_points - assessment.bonus_points == base - assessment.tenant_points
        assert abs(2 * assessment.tenant_points - base) <= 1
    others = Assessment.objects.filter(explanation__0__0="base")
    assert others.exists()
    assert not others.exclude(mall_points=F("bonus_points")).exists()


def assert_only_coupons_are_known_means_of_payment():
    paid = Tender.objects.values_list("receipt_id").annotate(paid=Sum("amount_minor"))
    due = dict(Receipt.objects.values_list("id", "net_minor"))
    assert all(amount == due[receipt] for receipt, amount in paid)


DRIVER = """
import json, sys
import django

django.setup()
from django.db import connections

connections["default"].settings_dict.update(json.loads(sys.argv[1]))
from functools import partial
from django.contrib.auth.hashers import Argon2PasswordHasher
from mallard.demo import load as loading
from mallard.demo.calendar import FIRST_DAY
from mallard.demo.load import Manner, begin, run

loading.open_source = partial(loading.open_source, is_checked=True)
Argon2PasswordHasher.time_cost, Argon2PasswordHasher.memory_cost = 1, 8
Argon2PasswordHasher.parallelism = 1
for step in run(begin(), manner=Manner(**json.loads(sys.argv[2]))):
    print(step.stage, step.done, flush=True)
"""


def _start(manner: Manner) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [
            sys.executable,
            "-c",
            DRIVER,
            json.dumps(database_address()),
            json.dumps(dataclasses.asdict(manner)),
        ],
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "mallard.config.settings"},
        stdout=subprocess.PIPE,
        text=True,
    )


def _kill_at(process: subprocess.Popen[str], line: str, delay_seconds: float) -> None:
    with process:
        assert process.stdout is not None
        for said in process.stdout:
            if said.strip() == line:
                break
        else:
            pytest.fail(f"the load ended before it said {line!r}")
        time.sleep(delay_seconds)
        process.kill()
    assert process.returncode == -signal.SIGKILL


@pytest.mark.django_db(transaction=True)
def test_a_load_killed_half_way_ends_in_the_same_state():
    """Somewhere among the receipts; the drill kills it at every stage."""
    with transaction.atomic():
        list(run(begin(), manner=SMALL))
        undisturbed = state()
        transaction.set_rollback(True)
    assert not DemoLoad.objects.exists()

    moments = random.Random(os.getpid())
    _kill_at(_start(SMALL), "receipts 50", moments.uniform(0, 0.3))
    assert 0 < sum(DemoFeed.objects.values_list("done_visits", flat=True)) < 2 * VISITS
    with _start(dataclasses.replace(SMALL, is_parallel=True)) as last:
        assert last.communicate()[0].endswith("closing 1\n")
    assert last.returncode == 0

    assert state() == undisturbed
    report = verify()
    assert report.is_sound, report


@pytest.mark.django_db
def test_a_feed_that_somebody_else_moved_is_taken_up_where_it_is():
    load_until(DemoLoad.Stage.RECEIPTS)
    DemoFeed.objects.filter(number=0).update(done_visits=100)
    assert record_batch(FeedBatch(), 0, 50, 150, actor=system("test")) == 100
    assert DemoFeed.objects.get(number=0).done_visits == 100


def load_until(stage: DemoLoad.Stage) -> None:
    """Load up to the first batch of a stage."""
    for step in run(begin(), manner=SMALL):
        if step.stage == stage:
            return


@pytest.mark.django_db
def test_a_batch_with_a_refused_receipt_is_not_counted_as_done():
    load_until(DemoLoad.Stage.MEMBERS)
    Store.objects.filter(code="ES-SUP").update(code="ES-OLD")
    mall_queries.forget_store_facts()
    with pytest.raises(RefusedReceiptsError, match="ES-SUP"):
        list(run(begin(), manner=dataclasses.replace(SMALL, batch_visits=VISITS)))
    assert [feed.done_visits for feed in DemoFeed.objects.all()] == [0, 0]
    assert not Receipt.objects.exists()


@pytest.mark.django_db
def test_the_demo_is_not_mixed_with_data_of_ones_own():
    malls.save_group(GroupInput(code="OWN", name_en="Own group"), actor=system("test"))
    with pytest.raises(NotADemoError):
        begin()
    with pytest.raises(NotADemoError):
        drop_everything()
    assert not DemoLoad.objects.exists()


def test_a_coupon_pays_no_more_than_the_lines(receipts):
    receipt = receipts[0]
    line = DemoLine(1, 1_000, 300, 0)
    names = {sku_of(1): "Soup"}
    for coupon, tenders in ((0, []), (100, [100, 200]), (300, [300]), (500, [300])):
        given = DemoReceipt(
            receipt.store, "1", 1, receipt.household, receipt.occurred_at, [line], coupon
        )
        assert [t.amount_minor for t in as_input(given, names).tenders] == tenders


@pytest.mark.django_db
def test_malls_say_when_they_are_open_and_tenants_whom_to_call(year):
    for _again in range(2):
        load_place(year.stores(), weeks=0, actor=system("test"))
    stores = Store.objects.select_related("mall").in_bulk(field_name="code")
    openings = openings_of(list(stores.values()))
    day = FIRST_DAY + timedelta(days=30)
    assert openings.hours_on(stores["ES-BAK"], day).text == "08:00–23:00"
    assert openings.hours_on(stores["ES-FUE"], day).text == "00:00–24:00"
    for tenant in Tenant.objects.all():
        contacts = contacts_of(tenant.pk)
        assert [one.role for one in contacts] == sorted(ROLES)
        assert all(one.masked["name"] and one.masked["mail"] for one in contacts)
