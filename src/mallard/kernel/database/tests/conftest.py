"""Servers of their own for tests that start, kill and lose them."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from mallard.kernel.database.embedded import configuration
from mallard.kernel.database.layout import Layout
from mallard.kernel.database.server import Server
from mallard.kernel.environment import Environment


@pytest.fixture
def own_environment(tmp_path: Path) -> Iterator[Environment]:
    """A data folder nobody has used yet, below a folder that only we may enter."""
    private = tmp_path / "private"
    private.mkdir(mode=0o700)
    environment = Environment(home=private / "home")
    yield environment
    Server(Layout(environment.home)).stop()


def connect(environment: Environment, **changes: str) -> psycopg.Connection[tuple[object, ...]]:
    settings = configuration(environment)
    arguments = {
        "host": settings["HOST"],
        "port": settings["PORT"],
        "user": settings["USER"],
        "password": settings["PASSWORD"],
        "dbname": settings["NAME"],
    }
    return psycopg.connect(**(arguments | changes), autocommit=True)


def mode(path: Path) -> int:
    return os.stat(path).st_mode & 0o777
