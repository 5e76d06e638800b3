"""Bulk work looks for garbage seldom, and everything else as before."""

from __future__ import annotations

import gc
from contextlib import ExitStack

import pytest

from mallard.kernel.collecting import BULK_THRESHOLDS, seldom_collecting


def test_it_is_as_before_when_the_block_ends_in_an_error() -> None:
    before = gc.get_threshold()
    seen = []

    @seldom_collecting()
    def fail() -> None:
        seen.append(gc.get_threshold())
        raise ValueError("x")

    with pytest.raises(ValueError, match="x"):
        fail()
    assert seen == [BULK_THRESHOLDS]
    assert gc.get_threshold() == before


def test_blocks_of_several_threads_end_in_any_order() -> None:
    before = gc.get_threshold()
    first, second = ExitStack(), ExitStack()
    first.enter_context(seldom_collecting())
    second.enter_context(seldom_collecting())
    first.close()
    assert gc.get_threshold() == BULK_THRESHOLDS
    second.close()
    assert gc.get_threshold() == before
