from __future__ import annotations

import os
from pathlib import Path

from mallard.kernel.database.embedded import configuration
from mallard.kernel.database.layout import SOCKET_FILE, Layout
from mallard.kernel.database.tests.conftest import mode
from mallard.kernel.environment import Environment


def test_works_before_the_server_ever_ran_and_keeps_its_password(tmp_path: Path) -> None:
    environment = Environment(home=tmp_path / "home")

    first = configuration(environment)
    second = configuration(environment)

    assert first == second
    assert first["ENGINE"] == "mallard.kernel.database.backend"
    assert len(first["PASSWORD"]) >= 40
    assert mode(Layout(environment.home).password_file) == 0o600


def test_two_data_folders_have_two_passwords(tmp_path: Path) -> None:
    one = configuration(Environment(home=tmp_path / "one"))
    two = configuration(Environment(home=tmp_path / "two"))
    assert one["PASSWORD"] != two["PASSWORD"]


def test_a_url_of_ones_own_wins_and_touches_no_folder(tmp_path: Path) -> None:
    environment = Environment(
        home=tmp_path / "home",
        database_url="postgresql://ann:s%40cret@db.example:5433/crm?sslmode=require",
    )

    found = configuration(environment)

    assert (found["HOST"], found["PORT"], found["NAME"]) == ("db.example", "5433", "crm")
    assert (found["USER"], found["PASSWORD"]) == ("ann", "s@cret")
    assert found["OPTIONS"]["sslmode"] == "require"
    assert "statement_timeout" in found["OPTIONS"]["options"]
    assert not (tmp_path / "home").exists()


def test_a_socket_path_too_long_for_the_kernel_gets_a_short_private_folder(tmp_path: Path) -> None:
    deep = Layout(tmp_path / ("x" * 120))
    other = Layout(tmp_path / ("y" * 120))

    assert len(os.fsencode(deep.socket_folder / SOCKET_FILE)) <= 103
    assert deep.socket_folder != other.socket_folder
    assert deep.socket_folder == Layout(deep.home).socket_folder
