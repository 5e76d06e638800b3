"""From a file to two signatures: tried, posted, compared, taken back, locked."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from mallard.kernel import clock
from mallard.kernel.access.actor import WHOLE_GROUP, Actor
from mallard.kernel.errors import DomainError, Forbidden
from mallard.value.checkout.tests.factories import a_trading_world
from mallard.value.ledger import services as ledger
from mallard.value.ledger.models import Lot, Transfer
from mallard.value.ledger.queries import wallet_of
from mallard.value.ledger.tests.factories import ACTOR, counter, redemption
from mallard.value.ledger.verification import verify
from mallard.value.loyalty.models import TierOverride
from mallard.value.migration import services
from mallard.value.migration.errors import (
    HeadingsMissing,
    NoControlTotals,
    SamePerson,
    SpentFrom,
    Unexplained,
    WrongMoment,
)
from mallard.value.migration.models import ControlTotal, Migration, MigrationRow, RowKind, Status
from mallard.value.migration.queries import Figure, figures
from mallard.value.migration.services import posting
from mallard.value.migration.showing import groups
from mallard.world.malls.tests.factories import World
from mallard.world.members.models import Member
from mallard.world.members.tests.factories import a_member
from mallard.world.staff.models import StaffUser
from mallard.world.staff.queries import actor_for_user
from mallard.world.staff.tests.factories import a_staff_user

pytestmark = pytest.mark.django_db

TODAY = dt.date.today()  # noqa: DTZ011 the days of a file are local days
LAST_YEAR = (TODAY - dt.timedelta(days=365)).isoformat()
NEXT_YEAR = (TODAY + dt.timedelta(days=365)).isoformat()
LOTS = "member number,points,earned on,expires on,funder,reason"


@pytest.fixture
def world() -> World:
    return a_trading_world().place


@pytest.fixture
def people() -> list[Member]:
    return [a_member(), a_member()]


@pytest.fixture
def manager() -> Actor:
    return actor_for_user(a_staff_user("crm_manager", scope=WHOLE_GROUP, name="Manager"))


@pytest.fixture
def finance() -> Actor:
    return actor_for_user(a_staff_user("finance", scope=WHOLE_GROUP, name="Finance"))


def a_file(heading: str, *lines: str) -> bytes:
    return "\n".join([heading, *lines]).encode()


def a_lot(number: str, points: object = 100, **more: str) -> str:
    values = {"earned": LAST_YEAR, "expires": NEXT_YEAR, "funder": "LAKE", "reason": ""} | more
    return f"{number},{points}," + ",".join(values.values())


def begun(world: World, manager: Actor, *lines: str) -> Migration:
    found = services.create_migration(name="Old CRM", mall_id=world.lakeside.pk, actor=manager)
    services.receive_rows(found.pk, RowKind.LOT, a_file(LOTS, *lines), actor=manager)
    return found


def posted(found: Migration, manager: Actor) -> Migration:
    services.start_posting(found.pk, actor=manager)
    services.post_rows(found.pk)
    found.refresh_from_db()
    assert found.status == Status.POSTED
    return found


def balance(member: Member) -> int:
    return wallet_of([member.pk])[member.pk].available


def refused(error: type[DomainError], call: Any, *arguments: Any, **more: Any) -> None:
    before = Transfer.objects.count(), ControlTotal.objects.count(), MigrationRow.objects.count()
    with pytest.raises(error), transaction.atomic():
        call(*arguments, **more)
    after = Transfer.objects.count(), ControlTotal.objects.count(), MigrationRow.objects.count()
    assert before == after


def problems(found: Migration, kind: str = "lot") -> Sequence[str]:
    rows = found.rows.filter(kind=kind).order_by("number")
    return list(rows.values_list("problem", flat=True))


def test_a_row_is_refused_for_what_is_wrong_with_it(
    world: World, people: list[Member], manager: Actor
) -> None:
    one = people[0].number
    lines = [
        a_lot(one),
        a_lot("1234567890"),
        a_lot(one, -5),
        a_lot(one, "12.5"),
        a_lot(one, expires=(TODAY - dt.timedelta(days=2)).isoformat()),
        a_lot(one, funder="Nobody"),
        a_lot(one, earned=NEXT_YEAR),
        a_lot(one),
        a_lot(one, 200, reason="call 13800000000"),
        a_lot("", 300),
    ]
    found = begun(world, manager, *lines)
    assert problems(found) == [
        "", "unknown", "negative", "whole_number", "expired", "funder", "future", "twice",
        "reason", "nobody",
    ]  # fmt: skip
    assert not Transfer.objects.exists()
    assert not found.rows.filter(reason__contains="138").exists()
    refused(
        HeadingsMissing,
        services.receive_rows,
        found.pk,
        RowKind.LOT,
        b"a,b\n1,2",
        actor=manager,
    )


def test_lots_keep_funder_and_expiry_and_the_books_agree(
    world: World, people: list[Member], manager: Actor
) -> None:
    one, two = people
    lines = [
        a_lot(one.number, 100),
        a_lot(one.number, 50, funder="tenant:BAKERY", expires=""),
        a_lot(two.number, "1,000".replace(",", "")),
    ]
    found = posted(begun(world, manager, *lines), manager)
    assert (balance(one), balance(two)) == (150, 1_000)
    lot = Lot.objects.get(member_id=two.pk)
    assert lot.expires_at is not None
    assert lot.expires_at > clock.now() + dt.timedelta(days=365 - 1)
    said = {(one.measure, one.key): (one.file, one.ledger) for one in figures(found)}
    assert said["members", ""] == (2, 2)
    assert said["points", ""] == (1_150, 1_150)
    assert said["funder", "mall:LAKE"] == (1_100, 1_100)
    assert said["funder", "tenant:BAKERY"] == (50, 50)
    assert said["month", NEXT_YEAR[:7]] == (1_100, 1_100)
    assert said["month", ""] == (50, 50)
    assert verify().is_sound


def test_a_killed_run_goes_on_and_posts_nothing_twice(
    world: World, people: list[Member], manager: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(posting, "BATCH", 1)
    found = begun(world, manager, *[a_lot(people[0].number, n) for n in (1, 2, 3)])
    services.start_posting(found.pk, actor=manager)
    posting._post_batch(found.pk)  # and then the machine goes down
    assert balance(people[0]) == 1
    services.post_rows(found.pk)
    services.post_rows(found.pk)
    assert balance(people[0]) == 6
    assert Transfer.objects.count() == 3
    refused(WrongMoment, services.start_posting, found.pk, actor=manager)


def test_tiers_are_given_with_a_reason_and_counted(
    world: World, people: list[Member], manager: Actor, finance: Actor
) -> None:
    one, two = people
    found = begun(world, manager, a_lot(one.number))
    heading = "会员号,等级,定级日期,截止日期,成长值"
    lines = [
        f"{one.number},silver,{LAST_YEAR},{NEXT_YEAR},4200",
        f"{one.number},silver,{LAST_YEAR},{NEXT_YEAR},4200",
        f"{two.number},tin,{LAST_YEAR},{NEXT_YEAR},",
        f"{two.number},silver,{LAST_YEAR},{LAST_YEAR},",
        f"{two.number},silver,{LAST_YEAR},,",
    ]
    services.receive_rows(found.pk, RowKind.TIER, a_file(heading, *lines), actor=manager)
    assert problems(found, "tier") == ["", "twice", "tier", "expired", "until"]
    posted(found, manager)
    given = TierOverride.objects.get()
    assert given.member_id == one.pk
    assert given.last_day.isoformat() == NEXT_YEAR
    assert "4200" in given.reason
    assert ("tier", "silver", 2, 1) in [
        (line.measure, line.key, line.file, line.ledger) for line in figures(found)
    ]
    with pytest.raises(Forbidden):
        services.start_taking_back(found.pk, actor=finance)
    services.start_taking_back(found.pk, actor=manager)
    services.take_rows_back(found.pk)
    given.refresh_from_db()
    assert given.last_day == given.first_day
    assert (given.value, given.value_last_day) == (4200, given.first_day - dt.timedelta(days=1))


def test_it_is_taken_back_whole_or_not_at_all(
    world: World, people: list[Member], manager: Actor
) -> None:
    one, two = people
    found = posted(begun(world, manager, a_lot(one.number), a_lot(two.number)), manager)
    spent = redemption(two.pk, counter(), 30)
    ledger.redeem([spent], actor=ACTOR)
    refused(SpentFrom, services.start_taking_back, found.pk, actor=manager)
    Migration.objects.filter(pk=found.pk).update(
        status=Status.RETURNING
    )  # spent between the two steps
    services.take_rows_back(found.pk)
    found.refresh_from_db()
    assert (found.status, found.problem) == (Status.POSTED, SpentFrom.code)
    assert (balance(one), balance(two)) == (100, 70)
    assert verify().is_sound


def test_what_nobody_used_goes_back_to_its_funders(
    world: World, people: list[Member], manager: Actor
) -> None:
    found = posted(begun(world, manager, *[a_lot(p.number) for p in people]), manager)
    services.start_taking_back(found.pk, actor=manager)
    services.start_taking_back(found.pk, actor=manager)  # the job came to a stop: again
    services.take_rows_back(found.pk)
    services.take_rows_back(found.pk)
    found.refresh_from_db()
    assert found.status == Status.RETURNED
    assert [balance(p) for p in people] == [0, 0]
    assert verify().is_sound
    refused(WrongMoment, services.start_posting, found.pk, actor=manager)


def test_who_started_it_may_leave_before_the_job_runs(
    world: World, people: list[Member], manager: Actor
) -> None:
    found = posted(begun(world, manager, a_lot(people[0].number)), manager)
    services.start_taking_back(found.pk, actor=manager)
    Migration.objects.filter(pk=found.pk).update(posted_by_id=people[0].pk)  # no account
    services.take_rows_back(found.pk)
    found.refresh_from_db()
    assert (found.status, found.problem) == (Status.POSTED, posting.OWNER_GONE)
    assert balance(people[0]) == 100
    services.start_taking_back(found.pk, actor=manager)
    services.take_rows_back(found.pk)
    assert balance(people[0]) == 0


def test_qualifying_value_has_a_control_total_before_and_after(
    world: World, people: list[Member], manager: Actor
) -> None:
    one, two = people
    found = begun(world, manager, a_lot(one.number))
    lines = [
        f"{one.number},silver,{NEXT_YEAR},4200",
        f"{one.number},silver,{NEXT_YEAR},4200",
        f"{two.number},silver,{NEXT_YEAR},300",
    ]
    heading = "会员号,等级,截止日期,成长值"
    services.receive_rows(found.pk, RowKind.TIER, a_file(heading, *lines), actor=manager)
    services.set_control_totals(
        found.pk, {("members", ""): 2, ("points", ""): 100, ("value", ""): 4500}, actor=manager
    )

    def value() -> Figure:
        return next(line for line in figures(found) if line.measure == "value")

    assert (value().expected, value().file, value().ledger) == (4500, 8700, None)
    posted(found, manager)
    assert (value().expected, value().file, value().ledger) == (4500, 8700, 4500)
    assert value().is_unexplained
    refused(Unexplained, services.sign, found.pk, actor=manager)
    texts = {
        (line.measure, line.key): "One row stood in the file twice"
        for line in figures(found)
        if line.differs
    }
    assert ("value", "") in texts
    services.explain(found.pk, texts, actor=manager)
    services.sign(found.pk, actor=manager)
    told = groups(figures(found))[-1]
    assert (told.title, [name for name, _line in told.rows]) == ("", ["Qualifying value"])
    # What counts towards tiers is what the total says: it is read from what was given.
    TierOverride.objects.filter(member=two).update(value=1)
    assert value().ledger == 4201


def test_without_tiers_there_is_no_total_of_qualifying_value(
    world: World, people: list[Member], manager: Actor
) -> None:
    found = posted(begun(world, manager, a_lot(people[0].number)), manager)
    assert "value" not in {line.measure for line in figures(found)}


def test_two_persons_sign_what_is_explained_and_then_it_is_locked(
    world: World, people: list[Member], manager: Actor, finance: Actor
) -> None:
    found = posted(begun(world, manager, a_lot(people[0].number), a_lot("1234567890")), manager)
    refused(NoControlTotals, services.sign, found.pk, actor=manager)
    totals: dict[tuple[str, str], int | None] = {("members", ""): 2, ("points", ""): 200}
    services.set_control_totals(found.pk, totals, actor=manager)
    refused(Unexplained, services.sign, found.pk, actor=manager)
    texts = {
        (line.measure, line.key): "One member left in 2019" for line in figures(found)
        if line.differs
    }  # fmt: skip
    services.explain(found.pk, texts, actor=manager)
    services.sign(found.pk, actor=manager)
    refused(SamePerson, services.sign, found.pk, actor=manager)
    services.explain(found.pk, texts, actor=manager)  # other words: the first signature falls
    services.sign(found.pk, actor=manager)
    assert services.sign(found.pk, actor=finance).status == Status.SIGNED
    refused(WrongMoment, services.start_taking_back, found.pk, actor=manager)
    refused(WrongMoment, services.set_control_totals, found.pk, totals, actor=manager)
    for change in (
        lambda: Migration.objects.filter(pk=found.pk).update(name="x"),
        lambda: found.rows.update(points=1),
        lambda: found.totals.all().delete(),
    ):
        with pytest.raises(DatabaseError, match="refused"), transaction.atomic():
            change()


def test_the_database_refuses_one_person_for_both(
    world: World, people: list[Member], manager: Actor
) -> None:
    found = begun(world, manager, a_lot(people[0].number))
    with pytest.raises(IntegrityError), transaction.atomic():
        Migration.objects.filter(pk=found.pk).update(
            first_signed_by_id=manager.id, second_signed_by_id=manager.id
        )


def signed_in(role: str) -> Client:
    client = Client()
    client.force_login(
        a_staff_user(role, scope=WHOLE_GROUP), "django.contrib.auth.backends.ModelBackend"
    )
    return client


def test_on_screen_from_upload_to_report(world: World, people: list[Member]) -> None:
    client = signed_in("crm_manager")
    answer = client.post(reverse("migration:new"), {"name": "Old CRM", "mall": world.lakeside.pk})
    found = Migration.objects.get()
    here = reverse("migration:detail", args=[found.pk])
    assert answer["Location"] == here
    begun = client.get(here).content.decode()
    assert "No file yet" in begun
    starter = StaffUser.objects.get(email=found.created_by_label)
    assert f"{starter.name} · " in begun

    def upload(content: bytes) -> Any:
        file = SimpleUploadedFile("lots.csv", content)
        return client.post(
            reverse("migration:upload", args=[found.pk]), {"kind": "lot", "file": file}
        )

    wrong = upload(b"a,b\n1,2")
    assert wrong.status_code == 422
    assert "member number" in wrong.content.decode()
    assert upload(a_file(LOTS, a_lot(people[0].number), a_lot("1234567890"))).status_code == 302
    page = client.get(reverse("migration:rows", args=[found.pk])).content.decode()
    assert "Unknown member" in page
    assert "would be posted" in page
    totals = reverse("migration:totals", args=[found.pk])
    wrong = client.post(totals, {"more": "nonsense"})
    assert wrong.status_code == 422
    answer = client.post(totals, {"total_0": 2, "total_1": 200, "more": "month, 2020-01, 7"})
    assert answer.status_code == 302
    client.post(reverse("migration:post", args=[found.pk]))
    assert 'id="migration-progress"' in client.get(here).content.decode()
    rows = Migration.objects.filter(pk=found.pk)
    rows.update(problem=posting.OWNER_GONE)  # it came to a stop: the page stands still, for "Go on"
    assert 'id="migration-progress"' not in client.get(here).content.decode()
    rows.update(problem="")
    services.post_rows(found.pk)
    assert "to be explained" in client.get(here).content.decode()
    form = client.get(reverse("migration:explain", args=[found.pk])).context["form"]
    body = dict.fromkeys(form.fields, "One member left")
    client.post(reverse("migration:explain", args=[found.pk]), body)
    assert "to be explained" not in client.get(here).content.decode()
    table = client.get(reverse("migration:csv", args=[found.pk])).content.decode()
    assert "Points by month of expiry: January 2020,7,0,0,-7,One member left" in table
    assert client.get(reverse("migration:progress", args=[found.pk]))["HX-Refresh"] == "true"


def test_a_mall_alone_brings_nothing_over(world: World) -> None:
    from mallard.kernel.access.actor import Scope

    client = Client()
    user = a_staff_user("crm_manager", scope=Scope(mall_ids=frozenset({world.lakeside.pk})))
    client.force_login(user, "django.contrib.auth.backends.ModelBackend")
    assert client.get(reverse("migration:new")).status_code == 403
    assert client.get(reverse("migration:list")).status_code == 200
