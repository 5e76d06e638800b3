"""The security check says what is wrong, and never that all is well when it could not look."""

from __future__ import annotations

import datetime as dt
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from click.testing import CliRunner
from django.test import Client
from django.urls import reverse

from mallard.kernel import clock
from mallard.kernel.access.actor import system
from mallard.kernel.environment import environment
from mallard.kernel.health.registry import Status, failure, well
from mallard.kernel.security import registry, services
from mallard.kernel.security.addresses import open_addresses
from mallard.kernel.security.commands import security
from mallard.kernel.security.models import SecurityReport
from mallard.kernel.security.probes import dependencies, doors, files
from mallard.kernel.security.registry import Probe
from mallard.kernel.workspace.models import Notification
from mallard.world.staff import probes as staff_probes
from mallard.world.staff.models import ApiKey, StaffUser
from mallard.world.staff.services import create_api_key
from mallard.world.staff.tests.factories import SYSTEM, a_staff_user
from mallard.world.tasks.models import Task

ACTOR = system("tests")


class Index(BaseHTTPRequestHandler):
    """A package index that knows one hole."""

    asked: list[str] = []

    def do_GET(self) -> None:
        type(self).asked.append(self.path)
        hole = {
            "id": "PYSEC-2026-1",
            "aliases": ["CVE-2026-0001"],
            "summary": "Anybody may come in.",
            "fixed_in": ["9.9.9"],
            "withdrawn": None,
        }
        body = json.dumps({"vulnerabilities": [hole] if "/django/" in self.path else []}).encode()
        self.send_response(200)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_args: object) -> None:
        """Quiet."""


def use_index(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    changed = environment().model_copy(update={"package_index": address})
    monkeypatch.setattr(dependencies, "environment", lambda: changed)


@pytest.fixture
def index(monkeypatch: pytest.MonkeyPatch) -> Iterator[type[Index]]:
    server = HTTPServer(("127.0.0.1", 0), Index)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    Index.asked = []
    use_index(monkeypatch, f"http://127.0.0.1:{server.server_port}")
    yield Index
    server.shutdown()
    server.server_close()


class TestPackages:
    def test_a_known_hole_is_named_with_its_cure(self, index: type[Index]) -> None:
        found = dependencies.known_holes()
        assert [one.status for one in found] == [Status.FAIL]
        said = found[0].sentences()
        assert said["what"].startswith("django ")
        assert "CVE-2026-0001" in said["what"]
        assert said["cause"] == "Anybody may come in."
        assert "9.9.9" in said["cure"]
        assert len(set(index.asked)) == len(dependencies.installed())
        assert not any("mallard" in path for path in index.asked)

    def test_without_a_way_out_it_says_that_nobody_could_be_asked(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        use_index(monkeypatch, "http://127.0.0.1:9")
        [found] = dependencies.known_holes()
        assert found.status is Status.WARN
        assert "could be asked" in found.sentences()["what"]

    def test_empty_asks_nobody(self, monkeypatch: pytest.MonkeyPatch) -> None:
        use_index(monkeypatch, "")
        [found] = dependencies.known_holes()
        assert found.status is Status.WARN


class TestFiles:
    def test_what_others_may_read_is_a_fault(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        keys, home = tmp_path / "keys", tmp_path / "home"
        keys.mkdir(mode=0o700)
        home.mkdir(mode=0o700)
        ring = keys / "ring.json"
        ring.write_text("{}")
        ring.chmod(0o600)
        changed = environment().model_copy(update={"home": home, "key_ring": ring})
        monkeypatch.setattr(files, "environment", lambda: changed)
        changed.__dict__.pop("key_ring_path", None)
        assert [one.status for one in files.modes()] == [Status.OK]
        ring.chmod(0o644)
        home.chmod(0o777)
        found = files.modes()
        assert [one.status for one in found] == [Status.FAIL, Status.WARN]
        assert str(ring) in found[0].sentences()["what"]


@pytest.fixture
def probed(monkeypatch: pytest.MonkeyPatch) -> dict[str, Probe]:
    """One probe that the test decides about."""
    only: dict[str, Probe] = {"test": Probe("test", "Test", lambda: [well("Fine.")])}
    monkeypatch.setattr(registry, "_probes", only)
    return only


def broken(what: str = "It is open.") -> Probe:
    return Probe("test", "Test", lambda: [failure(what, cause="A hole.", cure="Close `it`.")])


@pytest.mark.django_db
class TestReports:
    def test_faults_become_a_report_a_notification_and_one_task_that_closes_itself(
        self, probed: dict[str, Probe]
    ) -> None:
        boss = a_staff_user()
        a_staff_user("cashier")
        probed["test"] = broken()
        for _week in range(2):
            report = services.check_security(actor=ACTOR)
        assert (report.status, report.faults) == ("fail", 1)
        assert Task.objects.filter(kind="security", status="open").count() == 1
        told = Notification.objects.filter(kind="security.found")
        assert set(told.values_list("actor_id", flat=True)) == {boss.id}
        probed["test"] = Probe("test", "Test", lambda: [well("Fine.")])
        assert services.check_security(actor=ACTOR).status == "ok"
        assert not Task.objects.filter(kind="security", status="open").exists()

    def test_what_breaks_is_a_fault(self, probed: dict[str, Probe]) -> None:
        def run() -> list[object]:
            raise OSError("no")

        probed["test"] = Probe("test", "Test", run)  # type: ignore[arg-type]
        assert services.check_security(actor=ACTOR).status == "fail"

    def test_what_is_newly_open_is_said(self) -> None:
        assert [one.status for one in doors.open_doors()] == [Status.OK]
        present = open_addresses()
        assert "GET /sign-in" in present
        assert not any(address.endswith(" /staff/") for address in present)
        SecurityReport.objects.create(status="ok", addresses=present[1:])
        found = doors.open_doors()
        assert [one.status for one in found] == [Status.OK, Status.WARN]
        assert present[0] in found[1].sentences()["what"]

    def test_the_page_and_the_command_say_the_same(self, probed: dict[str, Probe]) -> None:
        probed["test"] = broken()
        answer = CliRunner().invoke(security, ["check"])
        assert answer.exit_code == 2
        assert "FAIL  Test: It is open." in answer.output
        client = Client()
        client.force_login(a_staff_user(), "django.contrib.auth.backends.ModelBackend")
        page = client.get(reverse("security:report")).content.decode()
        assert "It is open." in page
        assert "Close <code>it</code>." in page
        assert client.post(reverse("security:check_again")).status_code == 302


@pytest.mark.django_db
class TestAccounts:
    def texts(self) -> str:
        return " ".join(one.sentences()["what"] for one in staff_probes.weak_accounts())

    def test_weak_accounts_are_named(self) -> None:
        a_staff_user(name="No Codes")
        old = clock.now() - dt.timedelta(days=100)
        never = a_staff_user("cashier", name="Never In")
        away = a_staff_user("cashier", name="Long Away")
        StaffUser.objects.filter(pk=never.pk).update(created_at=old)
        StaffUser.objects.filter(pk=away.pk).update(last_login=old)
        text = self.texts()
        assert "no codes from the phone although their role wants them: No Codes" in text
        assert "never signed in: Never In." in text
        assert "away for 90 days: Long Away." in text

    def test_old_and_unused_keys_are_named(self) -> None:
        key = create_api_key(
            name="Old till", scope=SYSTEM.scope, permissions=["malls.view_store"], actor=SYSTEM
        )
        assert [one.status for one in staff_probes.old_keys()] == [Status.OK]
        ApiKey.objects.filter(pk=key.id).update(created_at=clock.now() - dt.timedelta(days=400))
        found = staff_probes.old_keys()
        assert [one.status for one in found] == [Status.WARN, Status.WARN]
        assert all("Old till" in one.sentences()["what"] for one in found)
