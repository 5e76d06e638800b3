"""Metrics: right figures, nothing personal, not for strangers."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import Client
from prometheus_client.parser import text_string_to_metric_families

from mallard.kernel.environment import environment
from mallard.kernel.health.jobs import check_now

pytestmark = pytest.mark.django_db


def samples(client: Client, **headers: str) -> dict[tuple[str, frozenset[tuple[str, str]]], float]:
    text = client.get("/metrics", headers=headers).content.decode()
    return {
        (sample.name, frozenset(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def labelled(name: str, **labels: str) -> tuple[str, frozenset[tuple[str, str]]]:
    return name, frozenset(labels.items())


def test_requests_are_counted_by_pattern_and_never_by_path(client: Client) -> None:
    key = labelled("mallard_requests_total", method="GET", route="healthz", status="200")
    before = samples(client).get(key, 0)
    client.get("/healthz")
    client.get("/nobody-13800138000", {"q": "13800138000"})
    after = samples(client)
    assert after[key] == before + 1
    unmatched = labelled("mallard_requests_total", method="GET", route="unmatched", status="404")
    assert after[unmatched] >= 1
    assert after[labelled("mallard_request_seconds_count", method="GET", route="healthz")] >= 1
    assert "13800138000" not in client.get("/metrics").content.decode()


def test_jobs_events_and_connections_are_there(client: Client) -> None:
    check_now.defer()
    found = samples(client)
    assert found[labelled("mallard_jobs", status="todo")] >= 1
    assert labelled("mallard_outbox_waiting", listener="webhooks.take") in found
    assert found[labelled("mallard_database_connections", state="active")] >= 1
    assert labelled("mallard_receipts_total") in found


@pytest.mark.parametrize(
    ("more", "headers"),
    [
        ({"REMOTE_ADDR": "203.0.113.5"}, {}),
        ({"REMOTE_ADDR": ""}, {}),
        ({}, {"X-Forwarded-For": "127.0.0.1"}),
        ({}, {"Forwarded": "for=127.0.0.1"}),
    ],
)
def test_strangers_are_refused(
    client: Client, more: dict[str, str], headers: dict[str, str]
) -> None:
    answer = client.get("/metrics", headers=headers, **more)
    assert answer.status_code == 403
    assert "mallard_jobs" not in answer.content.decode()


@pytest.fixture
def token(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    monkeypatch.setenv("MALLARD_METRICS_TOKEN", "a-long-and-quiet-token")
    environment.cache_clear()
    yield "a-long-and-quiet-token"
    monkeypatch.undo()
    environment.cache_clear()


def test_a_token_opens_from_anywhere_and_nothing_else_does(client: Client, token: str) -> None:
    far = {"REMOTE_ADDR": "203.0.113.5"}
    right = client.get("/metrics", headers={"Authorization": f"Bearer {token}"}, **far)
    assert right.status_code == 200
    for given in ("", "Bearer wrong", f"Bearer {token}x"):
        assert client.get("/metrics", headers={"Authorization": given}).status_code == 403


COUNT_ONE = """
from mallard.kernel.metrics.requests import observe
observe(method="GET", route="r", status=200, seconds=0.1)
"""
ADD_UP = """
from prometheus_client import CollectorRegistry
from prometheus_client.multiprocess import MultiProcessCollector
registry = CollectorRegistry()
MultiProcessCollector(registry)
labels = {"method": "GET", "route": "r", "status": "200"}
print(registry.get_sample_value("mallard_requests_total", labels))
"""


def test_several_processes_are_added_up(tmp_path: Path) -> None:
    environment_ = {"PROMETHEUS_MULTIPROC_DIR": str(tmp_path), "PYTHONPATH": ":".join(sys.path)}

    def run(program: str) -> str:
        done = subprocess.run(
            [sys.executable, "-c", program],
            env=environment_,
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout.strip()

    for _process in range(3):
        run(COUNT_ONE)
    assert run(ADD_UP) == "3.0"
