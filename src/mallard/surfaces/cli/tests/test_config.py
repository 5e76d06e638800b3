"""Wrong settings are named with their cure, secrets are never shown, units are printed."""

from __future__ import annotations

import configparser
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from mallard.kernel.environment import PREFIX, environment
from mallard.surfaces.cli.main import mallard
from mallard.surfaces.cli.session import command


@pytest.fixture(autouse=True)
def _clean(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    for name in [name for name in os.environ if name.startswith(PREFIX)]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("MALLARD_HOME", str(tmp_path / "home"))
    yield
    environment.cache_clear()


def run(*arguments: str) -> Result:
    return CliRunner().invoke(mallard, arguments)


def test_what_a_fresh_machine_has_is_fine() -> None:
    checked = run("config", "check")
    assert (checked.exit_code, checked.output) == (0, "The settings are fine.\n")


@pytest.mark.parametrize(
    ("variables", "code", "said"),
    [
        ({"MALLARD_BASE_ULR": "x"}, 2, "Did you mean MALLARD_BASE_URL?"),
        ({"MALLARD_SESSION_HOURS": "900"}, 2, "MALLARD_SESSION_HOURS: Input should be less"),
        ({"MALLARD_BASE_URL": "http://crm.example"}, 2, "without TLS"),
        ({"MALLARD_BASE_URL": "ftp://x"}, 2, "https://"),
        ({"MALLARD_BASE_URL": "https://crm.example"}, 2, "crm.example of MALLARD_BASE_URL"),
        (
            {"MALLARD_BASE_URL": "https://crm.example", "MALLARD_ALLOWED_HOSTS": "crm.example"},
            2,
            "usually 1",
        ),
        (
            {
                "MALLARD_BASE_URL": "https://crm.example",
                "MALLARD_ALLOWED_HOSTS": ".example",
                "MALLARD_TRUSTED_PROXIES": "1",
            },
            0,
            "fine",
        ),
        ({"MALLARD_ALLOWED_HOSTS": "*"}, 2, "Name the hosts"),
        ({"MALLARD_TRUSTED_PROXIES": "1"}, 1, "anybody can invent"),
        ({"MALLARD_DEBUG": "1"}, 1, "tracebacks"),
        ({"MALLARD_DEBUG": "1", "MALLARD_BASE_URL": "http://a.example"}, 2, "error    MALLARD_DEB"),
        ({"MALLARD_SECRET_KEY": "changeme"}, 2, "easy to guess"),
        ({"MALLARD_SECRET_KEY": "a" * 60}, 2, "easy to guess"),
        ({"MALLARD_TIME_ZONE": "Mars/Olympus"}, 2, "no such time zone"),
        ({"MALLARD_WEBHOOKS_ALLOW_PRIVATE": "yes"}, 1, "firewall"),
        ({"MALLARD_DATABASE_URL": "postgresql://u:hush@db.example/m"}, 1, "sslmode=verify-full"),
        ({"MALLARD_SMTP_URL_FILE": "/nowhere/at/all"}, 2, "cannot be read"),
    ],
)
def test_what_is_wrong_is_named(
    variables: dict[str, str], code: int, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    checked = run("config", "check")
    assert said in checked.output
    assert checked.exit_code == code
    assert "hush" not in checked.output
    assert "changeme" not in checked.output


def test_keys_inside_the_data_folder_are_an_error(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("MALLARD_KEY_RING", str(tmp_path / "home" / "ring.json"))
    assert "a copy of the data is a copy of the keys" in run("config", "check").output


def test_a_secret_file_that_everybody_can_read_is_said(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    file = tmp_path / "smtp"
    file.write_text("smtp://user:hush@127.0.0.1:25")
    file.chmod(0o644)
    monkeypatch.setenv("MALLARD_SMTP_URL_FILE", str(file))
    assert "Everybody on this machine" in run("config", "check").output
    file.chmod(0o600)
    assert run("config", "check").exit_code == 0
    shown = run("config", "show").output
    assert "hush" not in shown
    assert "MALLARD_SMTP_URL=(hidden)  # file" in shown
    assert "MALLARD_LANGUAGE=en  # default" in shown


def test_units_run_this_installation() -> None:
    printed = run("systemd", "--user", "crm", "--port", "9000").output
    unit = configparser.ConfigParser(strict=False)
    unit.optionxform = str  # type: ignore[assignment,method-assign]
    unit.read_string(printed)
    assert unit["Service"]["User"] == "crm"
    assert unit["Service"]["ExecStart"].startswith(sys.executable)
    assert unit["Service"]["ExecStart"].endswith("up --port 9000")
    assert unit["Service"]["ExecReload"] == "/bin/kill -USR2 $MAINPID"
    split = run("systemd", "--split").output
    assert "ExecReload" not in split
    assert "mallard-web.service" in split
    assert "main worker" in split


def test_commands_follow_the_link_that_an_upgrade_switches(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`mallard` names its interpreter by the version's own path, whatever way it was reached."""
    for version in ("mallard-1", "mallard-2"):
        (tmp_path / version / "bin").mkdir(parents=True)
        (tmp_path / version / "bin" / "python").touch()
    link = tmp_path / "current"
    link.symlink_to(tmp_path / "mallard-1")
    own = str(tmp_path / "mallard-1" / "bin" / "python")
    monkeypatch.setattr(sys, "executable", own)

    monkeypatch.setattr(sys, "argv", [str(link / "bin" / "mallard"), "up"])
    assert command("web", "--port", 80)[0] == str(link / "bin" / "python")
    assert command("web", "--port", 80)[-3:] == ["web", "--port", "80"]

    monkeypatch.setattr(sys, "argv", [str(tmp_path / "mallard-2" / "bin" / "mallard"), "up"])
    assert command("web")[0] == own, "another environment's interpreter is not ours"
    monkeypatch.setattr(sys, "argv", [str(tmp_path / "site-packages" / "main.py"), "up"])
    assert command("web")[0] == own
