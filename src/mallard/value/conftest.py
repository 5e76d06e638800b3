"""What tests of the value floor share: processes remember settings, tests must not."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from mallard.value.ledger.services.accounts import forget_funders
from mallard.value.loyalty.queries import forget_programme
from mallard.world.catalog.queries import forget_variant_facts
from mallard.world.malls.queries import forget_store_facts


@pytest.fixture(autouse=True)
def fresh_memories() -> Iterator[None]:
    """Forget what this process remembers of a database that the last test rolled back."""
    _forget()
    yield
    _forget()


def _forget() -> None:
    forget_programme()
    forget_store_facts()
    forget_variant_facts()
    forget_funders()
