from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator

import pytest
from django.db import OperationalError, connection
from django.test import Client

from mallard.kernel.http import stalls
from mallard.kernel.http.stalls import Watch


class FrozenDatabase:
    """What a `Watch` asks, standing still until it is let go."""

    def __init__(self) -> None:
        self.answers = False
        self.asked = 0

    def __call__(self) -> bool:
        self.asked += 1
        return self.answers


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stalls, "SUSPICIOUS_SECONDS", 0.2)
    monkeypatch.setattr(stalls, "LOOK_SECONDS", 0.02)


def wait_until(condition: object) -> None:
    deadline = time.monotonic() + 10
    while not condition():  # type: ignore[operator]
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.01)


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("impatient")
def test_a_request_that_waits_for_a_silent_database_fails_instead_of_hanging() -> None:
    database = FrozenDatabase()
    watch = Watch(database)
    watch.enter()
    began = time.monotonic()
    try:
        with pytest.raises(OperationalError), connection.cursor() as cursor:
            cursor.execute("SELECT pg_sleep(20)")
    finally:
        watch.leave()
        connection.close()
    assert time.monotonic() - began < 10
    assert watch.is_stalled
    database.answers = True
    wait_until(lambda: not watch.is_stalled)


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("impatient")
def test_a_long_statement_of_a_database_that_answers_is_left_alone() -> None:
    database = FrozenDatabase()
    database.answers = True
    watch = Watch(database)
    watch.enter()
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_sleep(0.6), 7")
            assert cursor.fetchone()[1] == 7
    finally:
        watch.leave()
    assert database.asked > 0
    assert not watch.is_stalled


@pytest.mark.django_db(transaction=True)
def test_a_database_that_is_there_answers_the_probe() -> None:
    assert stalls.database_answers()


def test_a_socket_that_nobody_serves_is_a_silent_database(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        monkeypatch.setattr(stalls, "PROBE_SECONDS", 2)
        parameters = {"host": "127.0.0.1", "port": str(silent.getsockname()[1]), "dbname": "x"}
        monkeypatch.setattr(stalls, "connections", {"default": _Wrapper(parameters)})
        assert not stalls.database_answers()


class _Wrapper:
    def __init__(self, parameters: dict[str, str]) -> None:
        self._parameters = parameters

    def get_connection_params(self) -> dict[str, str]:
        return self._parameters


@pytest.fixture
def stalled(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    watch = Watch(lambda: False)
    monkeypatch.setattr(watch, "_is_stalled", True)
    monkeypatch.setattr(stalls, "watch", watch)
    threads = threading.active_count()
    yield
    assert threading.active_count() == threads, "a refused request is not watched"


@pytest.mark.usefixtures("stalled")
def test_while_it_is_silent_requests_are_refused_at_once_in_the_readers_language() -> None:
    answer = Client().get("/api/v1/stores", headers={"Accept-Language": "zh-Hans"})
    assert answer.status_code == 503
    assert answer["Content-Type"] == "application/problem+json"
    assert answer["Retry-After"]
    assert answer.json()["code"] == "kernel.unavailable"
    page = Client().get("/", headers={"Accept-Language": "en"})
    assert page.status_code == 503
    assert "Mallard cannot answer right now" in page.content.decode()
