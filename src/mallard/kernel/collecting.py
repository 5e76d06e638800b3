"""How often Python looks for garbage that refers to itself.

It looks after so many new objects, and the longest look goes through everything there is. Bulk work
makes millions of objects, keeps most of them and leaves no circles: looking took up to half of its
time.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

BULK_THRESHOLDS = (200_000, 20, 100)
"""As `gc.set_threshold` takes them. Python's own first one is 700."""


@contextmanager
def seldom_collecting() -> Iterator[None]:
    """Look a few hundred times more seldom while the block does bulk work."""
    before = gc.get_threshold()
    gc.set_threshold(*BULK_THRESHOLDS)
    try:
        yield
    finally:
        gc.set_threshold(*before)
