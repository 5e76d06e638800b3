"""What every test may count on: a database of its own, a clock that stands still when asked."""

from __future__ import annotations

import datetime as dt
import gc
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import lru_cache
from typing import Any

import pytest
from django.conf import UserSettingsHolder, settings
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.test import TransactionTestCase
from django.test.client import ClientHandler
from django.utils import translation
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from pytest_django.plugin import DjangoDbBlocker

from mallard.kernel import clock
from mallard.kernel.database.testing import TestDatabase, prepared_database
from mallard.kernel.environment import environment
from mallard.kernel.workspace.files import sealed

# `make drill` asks for the full counts with `--hypothesis-profile=drill`; tests read the name.
hypothesis_settings.register_profile("drill", deadline=None, max_examples=1_000)
# How long an example takes says how busy the machine is, not whether the code is right.
hypothesis_settings.register_profile(
    "suite", deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
hypothesis_settings.load_profile("suite")


@pytest.fixture(scope="session")
def django_db_setup(
    request: pytest.FixtureRequest, django_db_blocker: DjangoDbBlocker
) -> Iterator[TestDatabase]:
    """Replaces pytest-django's: clones a migrated template instead of migrating each time.

    A test with ``transaction=True`` commits. Afterwards Django would truncate every table, which
    append-only tables refuse and which loses the rows that migrations made; a fresh clone is
    exact and as fast.
    """
    worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
    with (
        django_db_blocker.unblock(),
        pytest.MonkeyPatch.context() as patch,
        prepared_database(worker=worker, rebuild=request.config.getvalue("create_db")) as database,
    ):
        patch.setattr(TransactionTestCase, "_fixture_teardown", lambda _case: database.renew())
        yield database


@pytest.fixture(scope="module")
def standing(django_db_setup: TestDatabase, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """What is made while this stands is there for all tests of a module; afterwards it is gone.

    It is committed: a transaction that lasted for all of them would hold back whatever reads below
    the oldest one (the outbox), in the other process's tests too. Each test undoes what it does
    itself, so none of them may be transactional.
    """
    with django_db_blocker.unblock():
        try:
            yield
        finally:
            django_db_setup.renew()


@pytest.fixture(scope="session", autouse=True)
def _files_of_this_process() -> Iterator[None]:
    """Exports and imports of each test process lie apart: the data folder is everybody's.

    A test that counts files saw those of the process beside it, and a sweep took them away.
    """
    shared = environment()
    own = shared.home / "processes" / str(os.getpid())
    changed = shared.model_copy(update={"home": own, "key_ring": shared.key_ring_path})
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sealed, "environment", lambda: changed)
        yield
    shutil.rmtree(own, ignore_errors=True)


gc.set_threshold(50_000, 20, 50)


def pytest_collection_finish() -> None:
    """What is loaded by now stays: to look through it for garbage again and again takes a tenth
    of the time."""
    gc.collect()
    gc.freeze()


LONG = ("tests/browser/", "tests/trust/", "tests/fuzz/", "tests/upgrade/")
"""Where single tests take many seconds."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Long tests first: at the end one process would wait for the other's last ones."""
    items.sort(key=lambda item: not item.nodeid.startswith(LONG))


@pytest.fixture(scope="session", autouse=True)
def _passwords_cost_little() -> Iterator[None]:
    """The same hash with its least cost: an eighth of a second for each login, by design."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Argon2PasswordHasher, "time_cost", 1)
        patch.setattr(Argon2PasswordHasher, "memory_cost", 8)
        patch.setattr(Argon2PasswordHasher, "parallelism", 1)
        yield


@pytest.fixture(scope="session", autouse=True)
def _one_chain_of_middleware() -> Iterator[None]:
    """Test clients share what stands around every view, as requests to a server do.

    Django builds it for each client anew, which looks through all static files: a fifth of what a
    request takes. A test with settings of its own gets one of its own.
    """
    build = ClientHandler.load_middleware
    shared: dict[str, Any] = {}

    def load(handler: ClientHandler, is_async: bool = False) -> None:
        if is_async or isinstance(settings._wrapped, UserSettingsHolder):
            return build(handler, is_async)
        if not shared:
            before = dict(vars(handler))
            build(handler)
            shared.update({n: v for n, v in vars(handler).items() if n not in before})
        vars(handler).update(shared)
        return None

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ClientHandler, "load_middleware", load)
        yield


class FrozenClock:
    """The kernel's clock in a test's hand."""

    def __init__(self, stack: ExitStack, at: dt.datetime) -> None:
        self._stack = stack
        self.set(at)

    def set(self, at: dt.datetime) -> None:
        """Let it be ``at``, an aware datetime."""
        self._stack.close()
        self._stack.enter_context(clock.frozen(at))

    def advance(self, **duration: float) -> dt.datetime:
        """Move on by ``duration`` (the arguments of `timedelta`); returns the new time."""
        self.set(clock.now() + dt.timedelta(**duration))
        return clock.now()


@pytest.fixture
def frozen_clock() -> Iterator[FrozenClock]:
    """The clock stands at noon UTC on Monday 2 March 2026 until the test moves it.

    It holds for the test's own thread, not for a live server's.
    """
    with ExitStack() as stack:
        yield FrozenClock(stack, dt.datetime(2026, 3, 2, 12, tzinfo=dt.UTC))


@lru_cache(maxsize=4)
def _memories(_loaded_modules: int) -> list[Callable[[], None]]:
    """Every `forget_…` function of ours: what a process remembers of rows for some seconds."""
    return [
        thing
        for module_name, module in list(sys.modules.items())
        if module_name.startswith("mallard.")
        for name, thing in list(vars(module).items())
        if name.startswith("forget_") and getattr(thing, "__module__", "") == module_name
    ]


@pytest.fixture(autouse=True)
def _no_memories_of_another_test() -> None:
    """Rows of a test that was rolled back must not answer for those of the next one."""
    for forget in _memories(len(sys.modules)):
        forget()


@pytest.fixture(autouse=True)
def _no_language_of_another_test() -> Iterator[None]:
    """Words are English until a test says otherwise; what it activates ends with it."""
    translation.activate(settings.LANGUAGE_CODE)
    yield
    translation.activate(settings.LANGUAGE_CODE)
