"""Reading the facts for each pattern: a few statements over indexed rows, then the pure rule.

A module for each pattern, with a function ``find(period, terms)`` that answers findings.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from mallard.value.watch import patterns
from mallard.value.watch.finding import (
    apart,
    brought_back,
    burst,
    busy,
    by_hand,
    cashiers,
    desk,
    device,
    friends,
    split,
)
from mallard.value.watch.finding.findings import Finding, Period

Finder = Callable[[Period, Mapping[str, int]], list[Finding]]

FINDERS: dict[str, Finder] = {
    patterns.STRANGERS.code: cashiers.strangers,
    patterns.OWN_TILL.code: cashiers.own_till,
    patterns.BROUGHT_BACK.code: brought_back.find,
    patterns.SPLIT.code: split.find,
    patterns.BUSY.code: busy.find,
    patterns.APART.code: apart.find,
    patterns.BY_HAND.code: by_hand.find,
    patterns.BURST.code: burst.find,
    patterns.FRIENDS.code: friends.find,
    patterns.DESK.code: desk.find,
    patterns.DEVICE.code: device.find,
}

__all__ = ["FINDERS", "Finding", "Period"]
