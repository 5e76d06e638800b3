"""The database of each release, as its own code left it, comes up to date with everything in it."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from mallard.kernel.backup.shelf import shelf_of
from mallard.kernel.database.layout import Layout
from tests.drill.installation import Installation
from tests.upgrade.dump import RELEASES, SECTIONS
from tests.upgrade.rows import ERASED, KEPT

NEWEST = max(RELEASES.iterdir(), key=lambda folder: [int(n) for n in folder.name.split(".")])


def load(installation: Installation, folder: Path) -> None:
    """Fill the installation's empty database with a release's dump, and bring its key ring."""
    ring = installation.environment.key_ring_path
    ring.parent.mkdir(mode=0o700, parents=True)
    shutil.copyfile(folder / "ring.json", ring)
    ring.chmod(0o600)
    sql = "".join((folder / f"{section}.sql").read_text("utf-8") for section in SECTIONS)
    done = subprocess.run(
        [
            sys.executable, "-m", "mallard.surfaces.cli.main",
            "psql", "-q", "-v", "ON_ERROR_STOP=1", "-o", "/dev/null",
        ],
        env=installation.variables(),
        # The schema is there already; a dump of a whole database makes it.
        input=sql.replace("CREATE SCHEMA public;", ""),
        capture_output=True,
        text=True,
        check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]


@pytest.mark.timeout(600)
def test_the_last_releases_database_is_upgraded_with_everything_in_it(tmp_path: Path) -> None:
    installation = Installation(tmp_path, settings_module="mallard.config.settings")
    load(installation, NEWEST)
    facts = json.loads((NEWEST / "facts.json").read_text())

    done = installation.mallard("upgrade")

    layout, settings = Layout(installation.environment.home), installation.environment
    [manifest] = shelf_of(layout, settings.backup_path).manifests()
    assert f"Backup {manifest.id} is complete." in done.stdout
    assert f"--backup {manifest.id}" in done.stderr
    assert "the books agree" in done.stdout
    found = json.loads(installation.run("tests.upgrade.reading", facts["kept"]).stdout)
    assert found == {
        "name": KEPT[0],
        "erased": [facts["erased"]],
        "searchable": 0,
        "receipts": facts["receipts"],
        "returns": facts["returns"],
        "transfers": facts["transfers"],
        "is_sound": True,
    }
    assert ERASED[0] not in installation.mallard("pg-dump").stdout
