"""What `mallard check` says of the books."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection

from mallard.kernel import clock
from mallard.kernel.health.registry import Status
from mallard.kernel.health.tests.test_checks import assert_fault
from mallard.value.ledger.health import books_agree

pytestmark = pytest.mark.django_db


def test_books_that_were_never_verified_are_no_fault_on_the_first_day(frozen_clock: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE django_migrations SET applied = %s", [clock.now()])
    assert books_agree().status == Status.OK
    frozen_clock.advance(days=3)
    assert_fault(books_agree(), Status.WARN, "job has not run")
