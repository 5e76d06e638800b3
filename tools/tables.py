"""Make beforehand what the tests copy: a migrated database and a migrated data folder.

`make test` does it beside the checks, which keep one processor busy.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

from mallard.kernel.database.testing import copy_migrated_home, prepared_database
from tools.setup import start_django


def main() -> None:
    start_django()
    with prepared_database(worker="tables"):
        pass
    with tempfile.TemporaryDirectory() as folder:
        copy_migrated_home(Path(folder) / "home")


if __name__ == "__main__":
    main()
