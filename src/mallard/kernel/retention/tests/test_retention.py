"""Every table has a word about how long its rows are kept, and what is too old goes."""

from __future__ import annotations

import datetime as dt

import pytest
from django.apps import apps
from django.contrib.sessions.models import Session
from django.test import Client

from mallard.kernel import clock
from mallard.kernel.access.actor import system
from mallard.kernel.health.queries import latest_evidence
from mallard.kernel.health.registry import Status
from mallard.kernel.ids import uuid7
from mallard.kernel.mail.models import Mail, MailStatus
from mallard.kernel.retention import checks, declaration, services
from mallard.kernel.retention.declaration import Retention, declarations, retention_of, tables
from mallard.kernel.settings.services import change_setting
from mallard.world.staff.tests.factories import a_staff_user

pytestmark = pytest.mark.django_db


def test_every_table_has_a_word() -> None:
    """Say it in the `retention.py` of the table's app; see `kernel/retention/README.md`."""
    assert [model._meta.label for model in tables() if retention_of(model) is None] == []


def test_every_word_is_about_a_table_or_an_app_that_exists() -> None:
    known = {model._meta.label_lower for model in tables()}
    known |= {config.label for config in apps.get_app_configs()}
    words = declarations()
    assert [each.label for each in words if each.label.lower() not in known] == []
    assert [each.owner for each in words if each.owner and each.owner.lower() not in known] == []


def a_mail(days_old: int, status: str) -> None:
    moment = clock.now() - dt.timedelta(days=days_old)
    Mail.objects.create(id=uuid7(), kind="x", status=status, next_try_at=moment, queued_at=moment)


def test_what_is_too_old_goes_and_nothing_else() -> None:
    for age, status in ((200, MailStatus.SENT), (200, MailStatus.QUEUED), (2, MailStatus.SENT)):
        a_mail(age, status)
    for days in (-1, 1):
        Session.objects.create(
            session_key=f"s{days}", expire_date=clock.now() + dt.timedelta(days=days)
        )
    pruned = {each.label: each for each in services.enforce()}
    assert all(each.is_done for each in pruned.values())
    assert pruned["mail.Mail"].rows == 1
    assert pruned["sessions.Session"].rows == 1
    assert {mail.status for mail in Mail.objects.all()} == {MailStatus.QUEUED, MailStatus.SENT}
    assert latest_evidence(services.ENFORCED).figures["mail.Mail"] == 1
    assert checks.old_rows_go().status == Status.OK


def test_a_shorter_period_takes_more() -> None:
    a_mail(20, MailStatus.SENT)
    services.enforce()
    assert Mail.objects.count() == 1
    change_setting("mail.kept_days", value=10, actor=system("tests"))
    services.enforce()
    assert not Mail.objects.exists()


def test_a_pruning_that_fails_hinders_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> int:
        raise RuntimeError

    taken = []
    words = {
        "a.broken": Retention("a.Broken", note="x", prune=broken),
        "b.endless": Retention("b.Endless", note="x", prune=lambda: 1),
        "c.good": Retention("c.Good", note="x", prune=lambda: taken.append(1) or 0),
    }
    monkeypatch.setattr(declaration, "_declared", words)
    found = {each.label: each.is_done for each in services.enforce()}
    assert found == {"a.Broken": False, "b.Endless": False, "c.Good": True}
    assert taken == [1]
    assert checks.old_rows_go().status == Status.WARN


def test_no_run_for_a_day_is_a_fault(frozen_clock) -> None:
    frozen_clock.advance(days=365)  # the tables are not new any more
    assert checks.old_rows_go().status == Status.WARN
    services.enforce()
    frozen_clock.advance(days=2)
    assert checks.old_rows_go().status == Status.WARN


def test_a_table_is_declared_once() -> None:
    with pytest.raises(ValueError, match="twice"):
        declaration.keep_for_ever("mail.Mail", because="x")


def test_the_page_lists_every_table(client: Client) -> None:
    client.force_login(a_staff_user("auditor"), "django.contrib.auth.backends.ModelBackend")
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    page = client.get("/retention/").content.decode()
    for said in ("mail.Mail", "180 days", "For ever: the books", "As long as procrastinate"):
        assert said in page
