"""Telling people: who is told, in which words, and what the bell costs."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from mallard.kernel.clock import now
from mallard.kernel.ids import uuid7
from mallard.kernel.workspace.models import Notification
from mallard.kernel.workspace.services.notifying import (
    KEEP_DAYS,
    notify,
    remove_old_notifications,
)
from mallard.world.staff.models import StaffUser
from mallard.world.staff.tests.factories import a_staff_user

pytestmark = pytest.mark.django_db
LIST = "/workspace/notifications/"
READY = "workspace.export_ready"


@pytest.fixture
def reader() -> StaffUser:
    return a_staff_user("cashier")


@pytest.fixture
def signed_in(client: Client, reader: StaffUser) -> Client:
    client.force_login(reader)
    return client


def tell(reader: StaffUser, name: str = "Members", url: str = "/workspace/exports/") -> None:
    notify([reader.pk], READY, params={"list": name, "rows": 3}, url=url)


def test_the_bell_counts_what_is_not_read(signed_in: Client, reader: StaffUser) -> None:
    assert "bell-count" not in signed_in.get("/profile").content.decode()
    tell(reader)
    tell(reader, "Stores")
    assert 'aria-label="2 unread notifications"' in signed_in.get("/profile").content.decode()
    body = signed_in.get(LIST).content.decode()
    assert "Your export “Stores” is ready. Rows: 3." in body
    assert "标" not in body


def test_it_is_told_in_the_language_of_whoever_reads(signed_in: Client, reader: StaffUser) -> None:
    tell(reader)
    body = signed_in.get(LIST, headers={"Accept-Language": "zh-hans"}).content.decode()
    assert "已生成，共 3 行" in body


def test_following_it_leads_there_and_reads_it(signed_in: Client, reader: StaffUser) -> None:
    tell(reader)
    row = Notification.objects.get()
    answer = signed_in.get(f"{LIST}{row.id}")
    assert answer["Location"] == "/workspace/exports/"
    row.refresh_from_db()
    assert row.read_at is not None


def test_all_are_read_at_once_but_nobody_elses(signed_in: Client, reader: StaffUser) -> None:
    tell(reader)
    tell(reader)
    stranger = uuid7()
    notify([stranger], READY, params={"list": "x", "rows": 1})
    signed_in.post(f"{LIST}read")
    assert Notification.objects.filter(read_at=None).get().actor_id == stranger
    theirs = Notification.objects.get(actor_id=stranger)
    assert signed_in.get(f"{LIST}{theirs.id}").status_code == 404


def test_the_bell_answers_304_until_something_happens(signed_in: Client, reader: StaffUser) -> None:
    first = signed_in.get("/workspace/bell")
    headers = {"If-None-Match": first["ETag"]}
    assert signed_in.get("/workspace/bell", headers=headers).status_code == 304
    tell(reader)
    assert signed_in.get("/workspace/bell", headers=headers).status_code == 200


def test_each_person_is_told_once_and_only_in_known_words() -> None:
    person = uuid7()
    notify([person, person], READY, params={"list": "x", "rows": 1})
    assert Notification.objects.count() == 1
    with pytest.raises(LookupError):
        notify([person], "workspace.nonsense")
    with pytest.raises(LookupError):
        notify([person], READY, params={"list": "x"})


def test_the_bell_costs_one_query_however_many_there_are(
    signed_in: Client, reader: StaffUser
) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            body = signed_in.get(LIST).content.decode()
        assert "99+" in body or Notification.objects.count() < 100
        return len(captured)

    tell(reader)
    one = queries()
    for _again in range(120):
        tell(reader)
    assert queries() == one


def test_what_was_told_long_ago_is_forgotten(reader: StaffUser) -> None:
    tell(reader)
    assert remove_old_notifications() == 0
    Notification.objects.update(created_at=now() - dt.timedelta(days=KEEP_DAYS + 1))
    assert remove_old_notifications() == 1
