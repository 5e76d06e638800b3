"""A PostgreSQL of one's own: the wrong major is refused by every command but those that dump it."""

from __future__ import annotations

import socket
from urllib.parse import quote, urlencode

import pytest
from click.testing import CliRunner
from django.db import connection

from mallard.kernel.database import embedded
from mallard.kernel.database.embedded import refuse_foreign_server
from mallard.kernel.database.errors import ForeignServer
from mallard.kernel.environment import Environment
from mallard.surfaces.cli import session
from mallard.surfaces.cli.main import mallard

pytestmark = pytest.mark.django_db


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def named(**instead: str) -> Environment:
    """An environment that names the tests' server as one that is not ours."""
    known = connection.get_connection_params() | instead
    query = urlencode({"host": known["host"], "port": known["port"]})
    who = f"{quote(known['user'])}:{quote(known['password'])}"
    return Environment(database_url=f"postgresql://{who}@/{known['dbname']}?{query}")


def test_another_major_is_refused_with_the_way_forward(monkeypatch: pytest.MonkeyPatch) -> None:
    refuse_foreign_server(named())
    monkeypatch.setattr(embedded, "MAJOR", embedded.MAJOR + 1)
    with pytest.raises(ForeignServer, match=r"PostgreSQL 19.*Nothing was changed.*pg_dump"):
        refuse_foreign_server(named())


def test_one_that_does_not_answer_is_left_to_whoever_needs_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(embedded, "MAJOR", embedded.MAJOR + 1)
    refuse_foreign_server(named(port="1"))


@pytest.mark.parametrize("command", ["up", "web", "worker", "migrate", "check", "upgrade"])
def test_no_command_begins_on_it(monkeypatch: pytest.MonkeyPatch, command: str) -> None:
    foreign = named()
    monkeypatch.setattr(embedded, "MAJOR", embedded.MAJOR + 1)
    monkeypatch.setattr(session, "environment", lambda: foreign)
    monkeypatch.setenv("MALLARD_BASE_URL", "http://127.0.0.1")  # else `up` sets it for good
    port = ["--port", str(free_port())] if command in {"up", "web"} else []
    result = CliRunner().invoke(mallard, [command, *port])
    assert isinstance(result.exception, ForeignServer), (result, result.output)


def test_it_can_be_dumped(monkeypatch: pytest.MonkeyPatch) -> None:
    foreign = named()
    monkeypatch.setattr(embedded, "MAJOR", embedded.MAJOR + 1)
    monkeypatch.setattr(session, "environment", lambda: foreign)
    with session.database(is_for_any_major=True) as server:
        assert server is None
