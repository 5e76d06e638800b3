"""Keeps a release's database for the upgrades to come: `python -m tests.upgrade.dump 0.2.0`.

Run once when a release is made, from its own code. Writes plain SQL that a person can read, with
the key ring of these rows (made for this, protects nobody) and what a later release must find.
"""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
from pathlib import Path

from tests.drill.installation import Installation

RELEASES = Path(__file__).with_name("releases")
SECTIONS = ("pre-data", "data", "post-data")


def without_comments(text: str) -> str:
    kept = [line for line in text.splitlines() if line and not line.startswith("--")]
    return "\n".join(kept) + "\n"


def dump_release(release: str) -> Path:
    """Make the rows with this code and write them to the folder of ``release``."""
    folder = RELEASES / release
    folder.mkdir(parents=True)
    with tempfile.TemporaryDirectory() as place:
        installation = Installation(Path(place), settings_module="mallard.config.settings")
        installation.mallard("migrate")
        facts = json.loads(installation.run("tests.upgrade.rows").stdout)
        for section in SECTIONS:
            text = installation.mallard("pg-dump", f"--section={section}").stdout
            (folder / f"{section}.sql").write_text(without_comments(text), "utf-8")
        shutil.copyfile(installation.environment.key_ring_path, folder / "ring.json")
    (folder / "facts.json").write_text(json.dumps(facts, indent=2) + "\n", "utf-8")
    return folder


if __name__ == "__main__":
    print(dump_release(sys.argv[1]))
