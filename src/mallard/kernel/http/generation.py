"""Which generation of web processes this one belongs to: `mallard up` numbers them."""

from __future__ import annotations

import os
import signal

GENERATION_HEADER = "X-Mallard-Generation"
VARIABLE = "MALLARD_GENERATION"
DRAIN_SIGNAL = signal.SIGUSR2
"""Tells web processes that newer ones serve. A supervisor may be older than what it tells this."""


def own_generation() -> str:
    """How often the web processes were renewed before this one began."""
    return os.environ.get(VARIABLE, "0")
