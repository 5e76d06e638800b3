from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from mallard.kernel.environment import environment
from mallard.kernel.secrets import services


@pytest.fixture
def ring_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A key ring of the test's own, not made yet."""
    path = tmp_path / "keys" / "ring.json"
    monkeypatch.setenv("MALLARD_KEY_RING", str(path))
    environment.cache_clear()
    monkeypatch.setattr(services, "_compared", set())
    yield path
    monkeypatch.undo()
    environment.cache_clear()
