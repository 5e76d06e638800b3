"""Errors that nobody expected: each kind once, nothing of what anybody typed, told where asked."""

from __future__ import annotations

import gzip
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
from django.core.signals import got_request_exception
from django.test import Client, RequestFactory
from django.urls import ResolverMatch, reverse
from pydantic import SecretStr

from mallard.kernel.environment import environment
from mallard.kernel.faults import noting, telemetry
from mallard.kernel.faults.models import Fault
from mallard.kernel.faults.noting import forget_seen, note_fault
from mallard.kernel.faults.retention import KEPT_DAYS
from mallard.world.staff.tests.factories import a_staff_user

pytestmark = pytest.mark.django_db
SECRET = "Quillonda Zephyrine 13655550123"


@pytest.fixture(autouse=True)
def fresh() -> Iterator[None]:
    forget_seen()
    yield
    telemetry.stop()
    forget_seen()


def fail(value: str) -> None:
    local = f"local {value}"
    raise ValueError(f"cannot read {local}")


def met(value: str = SECRET, *, route: str = "GET /members/", request_id: str = "r-1") -> None:
    try:
        fail(value)
    except ValueError as error:
        note_fault(error, kind="page", route=route, request_id=request_id)


def everything(row: Fault) -> str:
    return json.dumps({name: str(value) for name, value in vars(row).items()})


class TestKeeping:
    def test_the_same_error_is_one_row_without_a_value(self) -> None:
        met(request_id="first")
        forget_seen()
        met("somebody else", request_id="second")
        row = Fault.objects.get()
        assert (row.count, row.error, row.request_id) == (2, "ValueError", "second")
        assert row.first_at < row.last_at
        assert any(frame.endswith(" fail") for frame in row.frames)
        for secret in ("Quillonda", "13655550123", "somebody else", "cannot read"):
            assert secret not in everything(row)

    def test_what_comes_fast_is_counted_and_written_later(self) -> None:
        for _one in range(50):
            met()
        assert Fault.objects.get().count == 1
        with noting._lock:
            [(print_, (_at, waiting))] = noting._seen.items()
            noting._seen[print_] = (-noting.SECONDS_BETWEEN, waiting)
        met()
        assert Fault.objects.get().count == 51

    def test_there_are_never_more_than_so_many(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(noting, "MOST", 1)
        met()
        try:
            raise KeyError(SECRET)
        except KeyError as error:
            note_fault(error, kind="page", route="x")
        assert Fault.objects.count() == 1
        forget_seen()
        met()
        assert Fault.objects.get().count == 2

    def test_keeping_one_never_fails_the_request(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def away(*_args: object) -> None:
            raise RuntimeError("no room")

        monkeypatch.setattr(noting, "_write", away)
        met()

    def test_errors_of_pages_come_by_the_signal(self) -> None:
        request = RequestFactory().get(f"/members/?q={SECRET}")
        request.request_id = "r-9"  # type: ignore[attr-defined]
        request.resolver_match = ResolverMatch(lambda: None, (), {}, route="members/")
        try:
            fail(SECRET)
        except ValueError:
            got_request_exception.send(sender=None, request=request)
        row = Fault.objects.get()
        assert (row.kind, row.route, row.request_id) == ("page", "GET /members/", "r-9")
        assert "13655550123" not in everything(row)

    def test_old_ones_go(self) -> None:
        from mallard.kernel.retention.declaration import declarations

        assert KEPT_DAYS == 90
        assert any("faults.Fault" in str(one) for one in declarations())


class TestPages:
    def test_operators_see_them_and_mark_them_resolved_until_they_come_again(self) -> None:
        met()
        row = Fault.objects.get()
        client = Client()
        client.force_login(a_staff_user(), "django.contrib.auth.backends.ModelBackend")
        assert "ValueError" in client.get(reverse("faults:list")).content.decode()
        page = client.get(reverse("faults:fault", args=[row.pk])).content.decode()
        assert "fail" in page
        assert client.post(reverse("faults:resolve", args=[row.pk])).status_code == 302
        assert Fault.objects.get().resolved_at is not None
        forget_seen()
        met()
        assert Fault.objects.get().resolved_at is None

    def test_who_may_only_look_resolves_nothing(self) -> None:
        met()
        client = Client()
        client.force_login(a_staff_user("auditor"), "django.contrib.auth.backends.ModelBackend")
        row = Fault.objects.get()
        assert client.get(reverse("faults:fault", args=[row.pk])).status_code == 200
        assert client.post(reverse("faults:resolve", args=[row.pk])).status_code == 403


class Ear(BaseHTTPRequestHandler):
    """Whatever is told to it."""

    heard: list[tuple[str, bytes]] = []
    something = threading.Event()

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if self.headers.get("Content-Encoding") == "gzip":
            body = gzip.decompress(body)
        type(self).heard.append((self.path, body))
        self.send_response(200)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"{}")
        type(self).something.set()

    def log_message(self, *_args: object) -> None:
        """Quiet."""


@pytest.fixture
def ear() -> Iterator[int]:
    server = HTTPServer(("127.0.0.1", 0), Ear)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    Ear.heard.clear()
    Ear.something.clear()
    yield server.server_port
    telemetry.stop()
    server.shutdown()
    server.server_close()


def settings(**changes: Any) -> Any:
    return environment().model_copy(update=changes)


class TestTelling:
    def test_sentry_hears_type_and_place_and_nothing_else(self, ear: int) -> None:
        telemetry.start(settings(sentry_dsn=SecretStr(f"http://key@127.0.0.1:{ear}/1")))
        met()
        telemetry.stop()
        assert Ear.something.wait(10)
        [(path, body)] = Ear.heard
        assert path == "/api/1/envelope/"
        text = body.decode()
        assert '"ValueError"' in text
        assert "GET /members/" in text
        for secret in ("Quillonda", "13655550123", "cannot read", "local"):
            assert secret not in text
        event = json.loads(text.splitlines()[2])
        assert set(event) <= {
            "event_id", "timestamp", "platform", "level", "release", "environment", "fingerprint",
            "tags", "exception",
        }  # fmt: skip
        assert set(event["exception"]["values"][0]) == {"type", "stacktrace"}

    def test_an_event_is_scrubbed_by_what_may_pass_not_by_what_may_not(self) -> None:
        event = {
            "level": "error",
            "request": {"data": SECRET, "headers": {"Cookie": SECRET}, "query_string": SECRET},
            "user": {"email": SECRET},
            "extra": {"row": SECRET},
            "breadcrumbs": {"values": [{"message": SECRET}]},
            "server_name": SECRET,
            "tags": {"route": "GET /x", "name": SECRET},
            "exception": {
                "values": [
                    {
                        "type": "E",
                        "value": SECRET,
                        "stacktrace": {"frames": [{"function": "f", "vars": {"a": SECRET}}]},
                    }
                ]
            },
        }
        kept = telemetry.scrubbed(event)
        assert SECRET not in json.dumps(kept)
        assert kept["tags"] == {"route": "GET /x"}
        assert kept["exception"]["values"][0]["type"] == "E"

    def test_a_collector_hears_each_request_by_its_pattern(self, ear: int) -> None:
        telemetry.start(settings(otel_endpoint=f"http://127.0.0.1:{ear}"))
        Client().get("/sign-in", {"next": f"/{SECRET}"})
        telemetry.stop()
        assert Ear.something.wait(10)
        [(path, body)] = Ear.heard
        assert path == "/v1/traces"
        assert b"GET sign-in" in body
        assert b"http.route" in body
        assert b"Quillonda" not in body

    def test_nothing_is_told_unless_it_is_set(self, ear: int) -> None:
        telemetry.start(settings())
        met()
        Client().get("/sign-in")
        assert Ear.heard == []

    def test_a_setting_without_its_package_is_said(self, monkeypatch: pytest.MonkeyPatch) -> None:
        import sys

        monkeypatch.setitem(sys.modules, "sentry_sdk", None)
        with pytest.raises(telemetry.ExtraMissing, match=r"mallard-crm\[sentry\]"):
            telemetry.start(settings(sentry_dsn=SecretStr("http://key@127.0.0.1:9/1")))
