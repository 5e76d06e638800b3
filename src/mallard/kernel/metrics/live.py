"""Figures that are asked of the database when somebody reads them."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import connection
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from mallard.kernel.health.models import CheckState
from mallard.kernel.health.queries import age_of
from mallard.kernel.health.registry import Status
from mallard.kernel.jobs import queries as jobs
from mallard.kernel.outbox.queries import consumer_lags

_watched: dict[str, tuple[str, str]] = {}


def watch_table(table: str, *, metric: str, documentation: str) -> None:
    """Offer how many rows a table has received as a counter, by PostgreSQL's own statistics: it
    costs nothing, and counts from the last reset of these."""
    _watched[table] = (metric, documentation)


class Live(Collector):
    """Collects the figures of the whole installation, whichever process is asked."""

    def collect(self) -> Iterator[Metric]:
        yield from _jobs()
        yield from _events()
        yield _connections()
        yield _checks()
        yield from _tables()


def _jobs() -> Iterator[Metric]:
    by_status = GaugeMetricFamily("mallard_jobs", "Jobs by status.", labels=["status"])
    for status, count in jobs.counts().items():
        by_status.add_metric([status], count)
    yield by_status
    seconds = jobs.seconds_since_heartbeat()
    if seconds is not None:
        yield GaugeMetricFamily(
            "mallard_worker_heartbeat_age_seconds", "Since a worker's sign of life.", value=seconds
        )


def _events() -> Iterator[Metric]:
    waiting = GaugeMetricFamily(
        "mallard_outbox_waiting", "Events a listener has not received.", labels=["listener"]
    )
    age = GaugeMetricFamily(
        "mallard_outbox_oldest_seconds", "Age of the oldest of them.", labels=["listener"]
    )
    for lag in consumer_lags():
        waiting.add_metric([lag.name], lag.waiting)
        seconds = age_of(lag.oldest_at).total_seconds() if lag.oldest_at else 0.0
        age.add_metric([lag.name], seconds)
    yield waiting
    yield age


def _connections() -> Metric:
    family = GaugeMetricFamily(
        "mallard_database_connections", "Connections to the database by state.", labels=["state"]
    )
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(state, 'other'), count(*) FROM pg_stat_activity"
            " WHERE backend_type = 'client backend' AND datname = current_database() GROUP BY 1"
        )
        for state, count in cursor.fetchall():
            family.add_metric([state], count)
    return family


def _checks() -> Metric:
    family = GaugeMetricFamily(
        "mallard_check", "Health: 0 well, 1 look at it soon, 2 act now.", labels=["check"]
    )
    for code, status in CheckState.objects.values_list("code", "status"):
        family.add_metric([code], Status(status).exit_code)
    return family


def _tables() -> Iterator[Metric]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname, n_tup_ins FROM pg_stat_user_tables WHERE relname = ANY(%s)",
            [list(_watched)],
        )
        for table, count in cursor.fetchall():
            metric, documentation = _watched[table]
            yield CounterMetricFamily(metric, documentation, value=count)
