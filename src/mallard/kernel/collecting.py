"""How often Python looks for garbage that refers to itself.

It looks after so many new objects, and the longest look goes through everything there is. Bulk work
makes millions of objects, keeps most of them and leaves no circles: looking took up to half of its
time.
"""

from __future__ import annotations

import gc
import threading
from collections.abc import Iterator
from contextlib import contextmanager

BULK_THRESHOLDS = (200_000, 20, 100)
"""As `gc.set_threshold` takes them. Python's own first one is 700."""


_turn = threading.Lock()
_before: list[tuple[int, int, int]] = []
"""What it was before each block that runs; several threads may be in one."""


@contextmanager
def seldom_collecting() -> Iterator[None]:
    """Look a few hundred times more seldom while the block does bulk work; for the whole process,
    until the last such block has ended."""
    with _turn:
        _before.append(gc.get_threshold())
        gc.set_threshold(*BULK_THRESHOLDS)
    try:
        yield
    finally:
        with _turn:
            # Whoever ends last puts back what the first one found.
            if len(_before) == 1:
                gc.set_threshold(*_before[0])
            _before.pop()
