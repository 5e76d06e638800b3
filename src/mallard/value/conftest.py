"""What tests of the value floor share: processes remember settings, tests must not."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from mallard.value.loyalty.queries import forget_programme
from mallard.world.malls.queries import forget_store_facts


@pytest.fixture(autouse=True)
def fresh_memories() -> Iterator[None]:
    """Forget what this process remembers of a database that the last test rolled back."""
    forget_programme()
    forget_store_facts()
    yield
    forget_programme()
    forget_store_facts()
