"""Reproducible draws: the same key gives the same choices on every machine and Python version.

The standard library's `random` promises stability for `random()` only, not for `choice` or
`randrange`; here every draw is a hash of its key and its number.
"""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import blake2b
from typing import TypeVar

Item = TypeVar("Item")

SEED = "star-lake-1"


class Draws:
    """A stream of independent draws for one key, such as `Draws(SEED, "person", 42)`."""

    def __init__(self, *key: str | int) -> None:
        self._key = "\x1f".join(map(str, key)).encode()
        self._number = 0

    def below(self, limit: int) -> int:
        """An integer from 0 to `limit` - 1; the bias of the remainder is below 2**-40."""
        self._number += 1
        digest = blake2b(self._key, digest_size=8, salt=self._number.to_bytes(8, "little"))
        return int.from_bytes(digest.digest(), "little") % limit

    def between(self, low: int, high: int) -> int:
        """An integer from `low` to `high`, both included."""
        return low + self.below(high - low + 1)

    def pick(self, items: Sequence[Item]) -> Item:
        """One of `items`, each as likely as the other."""
        return items[self.below(len(items))]

    def weighted(self, items: Sequence[tuple[Item, int]]) -> Item:
        """One of the items, in proportion to its weight."""
        ticket = self.below(sum(weight for _, weight in items))
        for item, weight in items:
            if ticket < weight:
                return item
            ticket -= weight
        raise ValueError("weights must be positive")

    def chance(self, percent: int) -> bool:
        """True in `percent` of a hundred cases."""
        return self.below(100) < percent
