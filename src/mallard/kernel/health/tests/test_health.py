"""Findings kept, announced, shown, printed."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner
from django.test import Client
from procrastinate.contrib.django.models import ProcrastinateJob

from mallard.kernel.access.actor import system
from mallard.kernel.health import registry
from mallard.kernel.health.commands import check as command
from mallard.kernel.health.jobs import check_health
from mallard.kernel.health.models import CheckState
from mallard.kernel.health.registry import Check, Finding, Status, failure, unset, warning, well
from mallard.kernel.health.services import keep_outcomes
from mallard.kernel.outbox.models import OutboxEvent
from mallard.world.staff.tests.factories import a_staff_user

pytestmark = pytest.mark.django_db
OPERATOR = system("tests")


class Trial:
    """A check in a test's hand, the only one there is."""

    def __init__(self) -> None:
        self.finding: Finding | Exception = well("All good.")

    def run(self) -> Finding:
        if isinstance(self.finding, Exception):
            raise self.finding
        return self.finding

    def is_well(self) -> None:
        self.finding = well("All good.")

    def is_bad(self) -> None:
        self.finding = failure("%(n)s leaks.", cause="A hole.", cure="A plug: `plug <it>`.", n=3)


@pytest.fixture
def trial(monkeypatch: pytest.MonkeyPatch) -> Trial:
    made = Trial()
    monkeypatch.setattr(registry, "_checks", {"trial": Check("trial", "Trial", made.run)})
    return made


def look() -> None:
    keep_outcomes(registry.run_checks(), actor=OPERATOR)


def announced() -> list[tuple[str, str]]:
    events = OutboxEvent.objects.filter(name="health.check_changed").order_by("id")
    return [(event.payload["previous"], event.payload["status"]) for event in events]


def test_each_change_is_announced_once(trial: Trial) -> None:
    look()
    assert announced() == []
    trial.is_bad()
    look()
    look()
    assert announced() == [("ok", "fail")]
    trial.is_well()
    look()
    assert announced() == [("ok", "fail"), ("fail", "ok")]


def test_since_says_when_the_fault_began(trial: Trial, frozen_clock) -> None:
    look()
    trial.is_bad()
    began = frozen_clock.advance(hours=1)
    look()
    frozen_clock.advance(hours=1)
    look()
    state = CheckState.objects.get()
    assert state.since == began
    assert state.texts["en"]["what"] == "3 leaks."


def test_a_check_that_breaks_is_a_fault_that_hides_no_other(trial: Trial) -> None:
    trial.finding = RuntimeError("13800138000")
    outcome = registry.run_checks()[0]
    assert outcome.finding.status == Status.FAIL
    said = outcome.finding.sentences()
    assert "RuntimeError" in said["cause"]
    assert "13800138000" not in str(said)


def test_states_of_checks_that_are_gone_go_away(
    trial: Trial, monkeypatch: pytest.MonkeyPatch
) -> None:
    look()
    monkeypatch.setattr(registry, "_checks", {})
    keep_outcomes([], actor=OPERATOR)
    assert not CheckState.objects.exists()


@pytest.mark.parametrize(
    ("finding", "code"),
    [
        (well("Good."), 0),
        (warning("Hm.", cause="Why", cure="Do"), 1),
        (failure("Bad.", cause="Why", cure="Do"), 2),
    ],
)
def test_the_command_exits_by_the_worst(trial: Trial, finding: Finding, code: int) -> None:
    trial.finding = finding
    printed = CliRunner().invoke(command, [])
    assert printed.exit_code == code
    assert ("cure:  Do" in printed.output) == (code > 0)
    answer = CliRunner().invoke(command, ["--json"])
    assert answer.exit_code == code
    assert json.loads(answer.output)["checks"][0]["status"] == finding.status.value


@pytest.mark.parametrize(
    ("finding", "is_trial", "code"),
    [
        (unset("No mail.", cause="Why", cure="Do"), False, 1),
        (unset("No mail.", cause="Why", cure="Do"), True, 0),
        (warning("Hm.", cause="Why", cure="Do"), True, 1),
        (failure("Bad.", cause="Why", cure="Do"), True, 2),
    ],
)
def test_where_it_is_tried_out_what_was_never_set_up_is_told_and_does_not_count(
    trial: Trial, monkeypatch: pytest.MonkeyPatch, finding: Finding, is_trial: bool, code: int
) -> None:
    monkeypatch.setattr(registry, "_trials", [lambda: is_trial])
    trial.finding = finding
    printed = CliRunner().invoke(command, [])
    assert printed.exit_code == code
    assert "cure:  Do" in printed.output
    assert ("Trial were never set up" in printed.output) == (code == 0)
    answer = CliRunner().invoke(command, ["--json"])
    assert answer.exit_code == code
    assert json.loads(answer.output)["checks"][0]["is_unset"] == finding.is_unset


@pytest.fixture
def auditor(client: Client) -> Client:
    client.force_login(a_staff_user("auditor"), "django.contrib.auth.backends.ModelBackend")
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    return client


def test_the_page_shows_faults_with_cause_and_cure(trial: Trial, auditor: Client) -> None:
    page = auditor.get("/health/").content.decode()
    assert "Not checked yet" in page
    trial.is_bad()
    look()
    page = auditor.get("/health/").content.decode()
    for said in ("3 leaks.", "A hole.", "<code>plug &lt;it&gt;</code>", "Act now"):
        assert said in page
    part = auditor.get("/health/", headers={"HX-Target": "health"}).content.decode()
    assert "3 leaks." in part
    assert "<html" not in part


def test_checking_again_is_queued_once(trial: Trial, auditor: Client) -> None:
    for _time in range(2):
        assert auditor.post("/health/check").status_code == 302
    queued = ProcrastinateJob.objects.filter(task_name__endswith="check_now", status="todo")
    assert queued.count() == 1


def test_the_real_checks_run_and_are_kept() -> None:
    check_health()
    states = {state.code: state.status for state in CheckState.objects.all()}
    assert states["database"] == "ok"
    assert states.keys() == {check.code for check in registry.registered_checks()}


def test_a_check_is_registered_once() -> None:
    with pytest.raises(ValueError, match="twice"):
        registry.register_check("database", "Database", lambda: well("x"))
