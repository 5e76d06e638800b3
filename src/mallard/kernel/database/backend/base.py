"""What Django loads by ``ENGINE``."""

from __future__ import annotations

import datetime as dt
import select

from django.db.backends.postgresql import base

from mallard.kernel.database.backend.plans import PLAN_ONCE
from mallard.kernel.database.backend.timestamps import read_quickly


class DatabaseWrapper(base.DatabaseWrapper):
    """Has prepared statements planned once, reads points in time quickly, and asks the server
    whether a kept connection still lives only when there is a doubt.

    Django asks ``SELECT 1`` once a request. A server that ended a connection (a restart, a
    terminated session) has closed its end, and a closed end can be read: nothing to read means
    nobody hung up. A server that froze says nothing either way; `kernel.http.stalls` is for that.
    """

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
