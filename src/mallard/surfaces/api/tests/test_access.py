from __future__ import annotations

import logging
import re
import time

import pytest

from mallard.kernel.http import authentication, limits, logs
from mallard.kernel.http.models import RateBucket
from mallard.kernel.http.paging import _read, _write
from mallard.kernel.ids import uuid7
from mallard.kernel.outbox.models import OutboxEvent

pytestmark = pytest.mark.urls("mallard.surfaces.api.tests.urls")


@pytest.mark.django_db
def test_key_is_asked_for_once_in_five_seconds(call, keys, monkeypatch):
    for _n in range(3):
        assert call("get", "/constant").status_code == 200
    assert keys == ["mk_writer_secret"]
    later = time.monotonic() + 6
    monkeypatch.setattr(authentication.time, "monotonic", lambda: later)
    call("get", "/constant")
    assert keys == ["mk_writer_secret"] * 2


@pytest.mark.django_db
def test_refused_keys_are_not_remembered_and_slowed_down(call, keys, monkeypatch):
    monkeypatch.setattr(limits, "REFUSED_KEYS", limits.Limit(per_minute=60, capacity=3))
    statuses = [call("get", "/constant", key="mk_wrong").status_code for _n in range(5)]
    assert statuses == [401, 401, 401, 429, 429]
    assert len(keys) == 5
    assert not any(b"mk_wrong" in digest for digest in authentication._cache)
    # The address has guessed too often; its good key still works.
    assert call("get", "/constant").status_code == 200


@pytest.mark.django_db
def test_steady_reads_cost_no_statement_for_key_and_limit(call, django_assert_num_queries):
    call("get", "/constant")
    with django_assert_num_queries(0):
        for _n in range(10):
            call("get", "/constant")


@pytest.mark.django_db
def test_bucket_empties_and_refills(call, monkeypatch):
    limit = limits.Limit(per_minute=600, capacity=5, lease=2)
    monkeypatch.setattr(limits, "requests_per_key", lambda: limit)
    statuses = [call("get", "/constant").status_code for _n in range(7)]
    assert statuses[:5] == [200] * 5
    refused = call("get", "/constant")
    assert refused.status_code == 429
    assert refused["Retry-After"] == "1"
    assert refused.json()["code"] == "http.too_many_requests"
    assert call("get", "/constant", key="mk_other_secret").status_code == 200
    time.sleep(0.25)
    assert call("get", "/constant").status_code == 200
    assert RateBucket.objects.count() == 2


@pytest.mark.django_db
def test_lease_never_grants_more_than_there_is():
    limit = limits.Limit(per_minute=60, capacity=10, lease=4)
    granted = [limits._lease("k", limit)[0] for _n in range(5)]
    assert granted == [4, 4, 2, 0, 0]


@pytest.mark.django_db
def test_pages_neither_repeat_nor_skip_while_rows_arrive(call):
    def lamp(watts: int) -> None:
        OutboxEvent.objects.create(
            id=uuid7(), recorded_at="2026-01-01T00:00Z", name="test.lamp", subject_id=uuid7(),
            payload={"watts": watts}, actor_kind="api",
        )  # fmt: skip

    for number in range(7):
        lamp(number)
    seen, path = [], "/lamps?limit=3"
    while True:
        page = call("get", path).json()
        seen += [each["watts"] for each in page["items"]]
        lamp(99)
        if page["next_cursor"] is None:
            break
        path = f"/lamps?limit=3&cursor={page['next_cursor']}"
    assert seen == [6, 5, 4, 3, 2, 1, 0]


@pytest.mark.django_db
def test_cursor_is_opaque_and_belongs_to_its_list(call):
    values = [uuid7(), 7, None]
    cursor = _write(values, "members id")
    assert _read(cursor, "members id") == values
    for bad in (cursor, cursor[:-2], "x", "ü"):
        response = call("get", f"/lamps?cursor={bad}")
        assert (response.status_code, response.json()["code"]) == (400, "http.cursor_invalid")
    assert call("get", "/lamps?limit=501").status_code == 422


@pytest.mark.django_db
def test_logs_hold_nothing_personal(call):
    lines: list[str] = []

    class Keep(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            lines.append(self.format(record))

    handler = Keep()
    handler.setFormatter(logs.JsonFormatter())
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    try:
        phone = "13812345678"
        call("get", f"/lamps?phone={phone}")
        call("get", f"/broken/{phone}")
        call("get", "/broken/database")
        call("get", f"/nowhere/{phone}?q={phone}")
        call("post", "/lamps", {"name": phone, "watts": phone}, idempotency=phone)
        call("post", "/lamps", {"name": phone, "watts": 1}, **{"User-Agent": phone})
        call("get", "/lamps", key=f"mk_{phone}")
        logging.getLogger("mallard.own").error("own_event", extra={"consumer": "x"})
    finally:
        root.removeHandler(handler)
        root.setLevel(level)
    text = "\n".join(line for line in lines if '"django.db.backends"' not in line)
    assert phone not in text
    assert "secret" not in text
    assert '"route":"api/v1/broken/<kind>"' in text
    assert '"error":"LookupError"' in text
    assert '"request_id":"' in text
    assert '"consumer":"x"' in text


@pytest.mark.django_db
def test_health_says_a_word_and_no_more(client, monkeypatch):
    from mallard.kernel.http import health

    response = client.get("/healthz")
    assert (response.status_code, response.json()) == (200, {"status": "ok"})
    monkeypatch.setattr(health, "_migrated", False)
    monkeypatch.setattr(health.MigrationExecutor, "migration_plan", lambda _s, _t: ["pending"])
    response = client.get("/healthz")
    assert (response.status_code, response.json()) == (503, {"status": "unavailable"})


@pytest.mark.django_db
def test_reference_page_shows_every_route_without_a_script_of_its_own(client):
    response = client.get("/api/")
    assert response.status_code == 200
    page = response.content.decode()
    assert "POST</code><code>/api/v1/lamps</code>" in page
    assert "watts" in page
    assert " style=" not in page
    assert "<style" not in page
    assert all("src=" in tag for tag in re.findall(r"<script[^>]*>", page))
    chinese = client.get("/api/", headers={"Accept-Language": "zh-Hans"}).content.decode()
    assert "API 参考" in chinese
    assert "台灯" in chinese
