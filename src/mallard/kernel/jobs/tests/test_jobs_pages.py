"""The queue on a screen: looked at, tried again, cancelled."""

from __future__ import annotations

import pytest
from django.test import Client
from procrastinate.contrib.django.models import ProcrastinateJob

from mallard.kernel.access.actor import Actor, ActorKind, system
from mallard.kernel.audit.models import Entry
from mallard.kernel.errors import Conflict, Forbidden, NotFound
from mallard.kernel.health.jobs import check_now
from mallard.kernel.jobs import queries, services
from mallard.kernel.jobs.failures import note_failure
from mallard.kernel.jobs.models import JobFailure
from mallard.world.staff.tests.factories import a_staff_user

pytestmark = pytest.mark.django_db
OPERATOR = system("tests")
SECRET = "13800138000"


def a_job(status: str = "todo") -> int:
    job_id = int(check_now.defer())
    if status != "todo":
        # As a worker would leave it.
        from django.db import connection

        with connection.cursor() as cursor:
            for step in ("doing", status):
                cursor.execute(
                    "UPDATE procrastinate_jobs SET status = %s WHERE id = %s", [step, job_id]
                )
    return job_id


def status_of(job_id: int) -> str:
    return str(ProcrastinateJob.objects.get(pk=job_id).status)


def a_failed_job() -> int:
    job_id = a_job("failed")
    try:
        raise RuntimeError(f"no such phone {SECRET}")
    except RuntimeError as error:
        note_failure(job_id, 1, error)
    return job_id


def test_a_failure_keeps_the_kind_and_the_place_and_no_values() -> None:
    job_id = a_failed_job()
    failure = JobFailure.objects.get(job_id=job_id)
    assert failure.error == "RuntimeError"
    assert "test_jobs_pages.py" in failure.frames[-1]
    assert SECRET not in str(vars(failure))


def test_a_failed_job_is_tried_again_and_that_is_audited() -> None:
    job_id = a_failed_job()
    services.retry_job(job_id, actor=OPERATOR)
    assert status_of(job_id) == "todo"
    assert Entry.objects.get(action="jobs.job_retried").before["job"] == job_id


def test_only_a_failed_job_is_tried_again() -> None:
    job_id = a_job()
    with pytest.raises(Conflict):
        services.retry_job(job_id, actor=OPERATOR)
    assert not Entry.objects.exists()


def test_a_job_is_not_tried_again_while_the_same_one_waits() -> None:
    job_id = a_failed_job()
    a_job()
    with pytest.raises(Conflict, match="waits already"):
        services.retry_job(job_id, actor=OPERATOR)
    assert status_of(job_id) == "failed"


def test_a_waiting_job_is_cancelled_and_a_finished_one_not() -> None:
    job_id = a_job()
    services.cancel_job(job_id, actor=OPERATOR)
    assert status_of(job_id) == "cancelled"
    with pytest.raises(Conflict):
        services.cancel_job(job_id, actor=OPERATOR)
    with pytest.raises(NotFound):
        services.cancel_job(10**9, actor=OPERATOR)


def test_who_may_only_look_changes_nothing() -> None:
    job_id = a_job()
    reader = Actor(ActorKind.STAFF, None, "x", frozenset({"jobs.view_job"}))
    with pytest.raises(Forbidden):
        services.cancel_job(job_id, actor=reader)
    assert status_of(job_id) == "todo"


def test_reasons_go_with_their_jobs() -> None:
    note_failure(a_job(), 0, RuntimeError())
    note_failure(10**9, 0, RuntimeError())
    assert services.prune_failures_of_gone_jobs() == 1
    assert JobFailure.objects.count() == 1


def test_periodic_jobs_are_listed_with_their_next_time() -> None:
    found = {each.name: each for each in queries.periodic_jobs()}
    sealing = found["audit.seal_audit_log"]
    assert sealing.cron == "* * * * *"
    assert sealing.next_at.second == 0
    assert sealing.last_at is None


@pytest.fixture
def administrator(client: Client) -> Client:
    client.force_login(a_staff_user(), "django.contrib.auth.backends.ModelBackend")
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    return client


def test_the_list_and_the_job_say_why_it_failed(administrator: Client) -> None:
    job_id = a_failed_job()
    page = administrator.get("/jobs/?status=failed").content.decode()
    assert "health.check_now" in page
    assert "RuntimeError" in page
    page = administrator.get(f"/jobs/{job_id}").content.decode()
    assert "RuntimeError" in page
    assert "Try again" in page
    assert SECRET not in page
    assert administrator.post(f"/jobs/{job_id}/retry").status_code == 302
    page = administrator.get(f"/jobs/{job_id}").content.decode()
    assert "The job is queued again." in page
    assert "Tried again by hand" in page
    assert administrator.post(f"/jobs/{job_id}/cancel").status_code == 302
    assert status_of(job_id) == "cancelled"


def test_a_refusal_is_said_on_the_page(administrator: Client) -> None:
    job_id = a_job()
    answer = administrator.post(f"/jobs/{job_id}/retry", follow=True)
    assert "Only a job that was given up" in answer.content.decode()


def test_periodic_page_and_unknown_job(administrator: Client) -> None:
    page = administrator.get("/jobs/periodic").content.decode()
    assert "audit.seal_audit_log" in page
    assert administrator.get("/jobs/999999999").status_code == 404
