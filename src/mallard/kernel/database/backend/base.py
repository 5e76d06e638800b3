"""What Django loads by ``ENGINE``."""

from __future__ import annotations

import datetime as dt
import select
from typing import Protocol

from django.db.backends.postgresql import base

from mallard.kernel.database.backend.plans import PLAN_ONCE
from mallard.kernel.database.backend.timestamps import read_quickly


class Ending(Protocol):
    """Commits together with what waits (`kernel.database.prepared`), or drops it."""

    def commit(self) -> None: ...
    def drop(self) -> None: ...


class DatabaseWrapper(base.DatabaseWrapper):
    """Has prepared statements planned once, reads points in time quickly, commits together with the
    statements that wait for it, and asks the server whether a kept connection still lives only when
    there is a doubt.

    Django asks ``SELECT 1`` once a request. A server that ended a connection (a restart, a
    terminated session) has closed its end, and a closed end can be read: nothing to read means
    nobody hung up. A server that froze says nothing either way; `kernel.http.stalls` is for that.
    """

    ending: Ending | None = None
    """What ends the present transaction instead, because statements wait to travel with it."""

    def _commit(self) -> None:
        ending, self.ending = self.ending, None
        if ending is None:
            super()._commit()  # type: ignore[misc]
        else:
            ending.commit()

    def _rollback(self) -> None:
        self._drop_ending()
        super()._rollback()  # type: ignore[misc]

    def _close(self) -> None:
        self._drop_ending()
        super()._close()  # type: ignore[misc]

    def _drop_ending(self) -> None:
        ending, self.ending = self.ending, None
        if ending is not None:
            ending.drop()

    def init_connection_state(self) -> None:
        super().init_connection_state()
        with self.wrap_database_errors:
            self.connection.execute(PLAN_ONCE)
        if self.timezone is dt.UTC:
            read_quickly(self.connection)

    def is_usable(self) -> bool:
        driver = self.connection
        if driver is None or driver.closed:
            return False
        if not _has_something_to_read(driver.fileno()):
            return True
        usable: bool = super().is_usable()
        return usable


def _has_something_to_read(descriptor: int) -> bool:
    poll = select.poll()
    poll.register(descriptor, select.POLLIN | select.POLLRDHUP)
    return bool(poll.poll(0))
