"""Privacy requests: asked, answered, refused, seen."""

from __future__ import annotations

import datetime as dt
from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.db import IntegrityError, transaction
from django.test import Client

from mallard.kernel.access.actor import system
from mallard.kernel.clock import now
from mallard.kernel.errors import Forbidden
from mallard.world.members.models import Member, MemberStatus
from mallard.world.members.queries import has_consent, refused_profiling
from mallard.world.members.services import give_consent
from mallard.world.members.tests.factories import a_member, an_actor
from mallard.world.privacy import services
from mallard.world.privacy.errors import OutcomeNeeded, RequestClosed, WordsNeeded
from mallard.world.privacy.models import PrivacyRequest, RequestStatus
from mallard.world.privacy.queries import words_of
from mallard.world.staff.tests.factories import a_staff_user
from mallard.world.tasks.errors import SettledElsewhere
from mallard.world.tasks.models import Task
from mallard.world.tasks.services import finish_task

pytestmark = pytest.mark.django_db
DESK = system("desk")
WORDS = "I moved to Suzhou"


@pytest.fixture
def member() -> Member:
    return a_member(name="王小明")


def asked(member: Member, kind: str, words: str = "") -> PrivacyRequest:
    return services.ask(member.pk, kind, words=words, actor=DESK)[0]


def signed_in(role: str) -> Client:
    client = Client()
    client.force_login(a_staff_user(role), "django.contrib.auth.backends.ModelBackend")
    return client


class TestAsking:
    def test_a_request_is_a_row_with_a_deadline_and_a_task(self, member: Member) -> None:
        row = asked(member, "correction", WORDS)
        assert row.received_at < row.due_at <= row.received_at + dt.timedelta(days=30)
        assert (row.task.member_id, row.task.due_at) == (member.pk, row.due_at)
        assert WORDS not in repr(list(Task.objects.values()))
        assert words_of([row])[row.pk].asked == WORDS

    def test_asking_again_answers_the_open_one(self, member: Member) -> None:
        first = asked(member, "export")
        again, is_new = services.ask(member.pk, "export", actor=DESK)
        assert (again.pk, is_new) == (first.pk, False)
        assert Task.objects.count() == 1

    def test_the_database_keeps_one_open_of_a_kind(self, member: Member) -> None:
        row, other = asked(member, "export"), asked(member, "erasure")
        with pytest.raises(IntegrityError), transaction.atomic():
            PrivacyRequest.objects.filter(pk=other.pk).update(kind=row.kind)

    def test_a_correction_needs_words_and_leaves_nothing_without(self, member: Member) -> None:
        with pytest.raises(WordsNeeded):
            asked(member, "correction", "  ")
        assert not Task.objects.exists()
        assert not PrivacyRequest.objects.exists()

    def test_its_task_is_settled_by_the_answer_only(self, member: Member) -> None:
        row = asked(member, "export")
        with pytest.raises(SettledElsewhere):
            finish_task(row.task_id, outcome="done", actor=DESK)
        services.answer(row.pk, outcome="Handed over at the desk.", actor=DESK)
        row.task.refresh_from_db()
        assert row.task.status == "done"


class TestAnswering:
    def test_an_objection_refuses_profiling_on_every_channel_and_nothing_else(
        self, member: Member
    ) -> None:
        for purpose in ("profiling", "marketing"):
            give_consent(member.pk, purpose=purpose, channel="sms", actor=DESK)
        services.answer(asked(member, "objection").pk, actor=DESK)
        assert not has_consent(member.pk, "profiling", "sms")
        assert refused_profiling([member.pk]) == {member.pk}
        assert has_consent(member.pk, "marketing", "sms")

    def test_a_restriction_stops_marketing_and_profiling_while_data_stays(
        self, member: Member
    ) -> None:
        for purpose in ("profiling", "marketing", "research", "share_with_tenant", "programme"):
            give_consent(member.pk, purpose=purpose, channel="sms", actor=DESK)
        services.answer(asked(member, "restriction", "No mails").pk, actor=DESK)
        for purpose in ("profiling", "marketing", "research", "share_with_tenant"):
            assert not has_consent(member.pk, purpose, "sms")
        assert has_consent(member.pk, "programme", "sms")
        member.refresh_from_db()
        assert member.profile_sealed is not None
        assert member.is_open

    def test_an_erasure_erases_and_keeps_that_it_was_answered(self, member: Member) -> None:
        row, other = asked(member, "erasure"), asked(member, "correction", WORDS)
        services.refuse(asked(member, "export").pk, reason=WORDS, actor=DESK)
        services.answer(row.pk, actor=DESK)
        row.refresh_from_db()
        member.refresh_from_db()
        assert (member.status, row.status) == (MemberStatus.ERASED, RequestStatus.DONE)
        assert services.clear_after_erasure([member.pk], actor=DESK) == 1
        other.refresh_from_db()
        assert other.status == RequestStatus.GONE
        assert not PrivacyRequest.objects.exclude(outcome_sealed=None).exists()
        assert words_of(PrivacyRequest.objects.select_related("task"))[row.pk].asked == ""

    def test_who_may_not_erase_does_not_erase(self, member: Member) -> None:
        row = asked(member, "erasure")
        with pytest.raises(Forbidden):
            services.answer(row.pk, actor=an_actor("privacy.handle_request"))
        row.refresh_from_db()
        member.refresh_from_db()
        assert (row.status, row.task.status, member.status) == ("open", "open", "open")

    @pytest.mark.parametrize("outcome", ["", " ", "x" * 1_001])
    def test_a_correction_says_what_was_done(self, member: Member, outcome: str) -> None:
        row = asked(member, "correction", WORDS)
        with pytest.raises(OutcomeNeeded):
            services.answer(row.pk, outcome=outcome, actor=DESK)
        row.refresh_from_db()
        assert row.is_open

    def test_answered_is_answered(self, member: Member) -> None:
        row = asked(member, "objection")
        services.answer(row.pk, actor=DESK)
        with pytest.raises(RequestClosed):
            services.refuse(row.pk, reason="Too late", actor=DESK)

    def test_a_refusal_is_sealed_with_its_reason(self, member: Member) -> None:
        row = asked(member, "export")
        services.refuse(row.pk, reason=WORDS, actor=DESK)
        row.refresh_from_db()
        assert row.outcome_sealed is not None
        assert WORDS.encode() not in bytes(row.outcome_sealed)
        row = PrivacyRequest.objects.select_related("task").get()
        assert words_of([row])[row.pk].outcome == WORDS


class TestPages:
    def test_what_waits_stands_with_the_overdue_first(self, member: Member) -> None:
        soon = asked(member, "export")
        late = asked(a_member(name="李雷"), "export")
        PrivacyRequest.objects.filter(pk=late.pk).update(
            received_at=now() - dt.timedelta(days=40), due_at=now() - dt.timedelta(days=3)
        )
        text = signed_in("crm_manager").get("/privacy/").content.decode()
        assert "3 days overdue" in text
        assert text.index(str(late.pk)) < text.index(str(soon.pk))

    @pytest.mark.parametrize("count", [1, 6])
    def test_a_list_takes_as_many_statements_whatever_its_length(
        self, count: int, django_assert_max_num_queries: Any
    ) -> None:
        for _n in range(count):
            asked(a_member(), "export")
        client = signed_in("crm_manager")
        client.get("/privacy/")
        with django_assert_max_num_queries(20):
            assert client.get("/privacy/").status_code == 200

    def test_the_desk_records_and_answers(self, member: Member) -> None:
        client = signed_in("service_agent")
        page = client.get(f"/members/{member.pk}/").content.decode()
        assert f"/privacy/new/{member.pk}" in page
        form = {"kind": "correction", "detail": ""}
        answer = client.post(f"/privacy/new/{member.pk}", form)
        assert answer.status_code == 422
        answer = client.post(f"/privacy/new/{member.pk}", form | {"detail": WORDS})
        row = PrivacyRequest.objects.get()
        assert answer["Location"] == f"/privacy/{row.pk}/"
        assert WORDS in client.get(f"/privacy/{row.pk}/").content.decode()
        assert client.post(f"/privacy/{row.pk}/answer", {"outcome": ""}).status_code == 422
        client.post(f"/privacy/{row.pk}/answer", {"outcome": "Corrected."})
        row.refresh_from_db()
        assert row.status == RequestStatus.DONE
        assert row.handled_by is not None
        assert "Corrected." in client.get(f"/privacy/{row.pk}/").content.decode()

    def test_the_desk_is_told_who_may_erase(self, member: Member) -> None:
        row = asked(member, "erasure")
        page = signed_in("service_agent").get(f"/privacy/{row.pk}/").content.decode()
        assert "Only a colleague who may erase members" in page
        assert f"/privacy/{row.pk}/answer" not in page
        page = signed_in("crm_manager").get(f"/privacy/{row.pk}/").content.decode()
        assert "the books must balance" in page

    def test_the_auditor_reads_no_words(self, member: Member) -> None:
        row = asked(member, "correction", WORDS)
        page = signed_in("auditor").get(f"/privacy/{row.pk}/").content.decode()
        assert WORDS not in page
        assert f"/privacy/{row.pk}/answer" not in page


def test_tasks_of_before_become_requests(member: Member) -> None:
    row = asked(member, "correction", WORDS)
    services.answer(asked(member, "export").pk, outcome="Handed over", actor=DESK)
    PrivacyRequest.objects.all().delete()
    migration = import_module("mallard.world.privacy.migrations.0002_requests_that_were_tasks")
    for _twice in range(2):
        migration.make_requests(apps, None)
    assert set(PrivacyRequest.objects.values_list("kind", "status")) == {
        ("correction", "open"), ("export", "done"),
    }  # fmt: skip
    made = PrivacyRequest.objects.get(kind="correction")
    assert (made.task_id, made.due_at) == (row.task_id, row.due_at)
