"""Keeping the register of erasures and its mirror in step."""

from __future__ import annotations

import datetime as dt
import logging
import time

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper
from psycopg import sql

from mallard.kernel.access.actor import Actor
from mallard.kernel.clock import now
from mallard.kernel.database.transactions import statement_limits
from mallard.kernel.secrets import register
from mallard.kernel.secrets.models import Erasure
from mallard.kernel.secrets.services import destroy_data_keys

BATCH = 1000
SCRUBBED_WITHIN = dt.timedelta(days=2)
PATIENCE_MS = 5_000
OLDER_S, OLDER_PAUSE_S = 30.0, 0.1

logger = logging.getLogger(__name__)


def complete_mirror() -> int:
    """Append erasures that the mirror lacks; how many. Concurrent erasures may come twice."""
    known = register.mirrored()
    missing = 0
    for subject_id, erased_at in Erasure.objects.values_list("subject_id", "erased_at").iterator():
        if subject_id not in known:
            register.mirror([subject_id], erased_at)
            missing += 1
    return missing


def replay(*, actor: Actor) -> int:
    """Erase again whoever the mirror names and this database has not erased; how many.

    For a database restored from a backup that is older than an erasure. Registered erasers
    (`register.on_replay`) delete what else there is of these people, in the same transaction.
    """
    missing = sorted(set(register.mirrored()) - set(Erasure.objects.values_list("pk", flat=True)))
    for start in range(0, len(missing), BATCH):
        batch = missing[start : start + BATCH]
        with transaction.atomic():
            destroy_data_keys(batch, actor=actor)
            for eraser in register.erasers():
                eraser(batch)
    return len(missing)


def scrub(*, patience_ms: int = 0) -> None:
    """Write anew the tables whose deleted rows could still be read in the database's files.

    Deleting a row leaves its bytes on the disk until something else needs the place, and what an
    index of words has met stays in it. A restored database, whose rows were alive a moment ago,
    gets rid of them before anybody works with it. Locks each table while it is written; waits at
    most ``patience_ms`` for that lock (0: for ever), and first for transactions that began before:
    what one of them might still read is written along.
    """
    with statement_limits(statement_ms=0, lock_ms=patience_ms), connection.cursor() as cursor:
        for table in register.readable_tables():
            _wait_for_older_transactions(cursor)
            cursor.execute(
                sql.SQL("VACUUM (FULL, ANALYZE) {}").format(sql.Identifier(table)).as_string()
            )


# Statistics are gathered in a transaction like any other, by the server itself.
_OLDER = """
    SELECT count(*) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid()
        AND (backend_xid IS NOT NULL OR backend_xmin IS NOT NULL) AND xact_start < %s
"""


def _wait_for_older_transactions(cursor: CursorWrapper) -> None:
    """Until none is left that began before now, or for `OLDER_S` seconds: whoever was erased is
    looked after on two nights."""
    cursor.execute("SELECT clock_timestamp()")
    [begun] = cursor.fetchone()
    until = time.monotonic() + OLDER_S
    while time.monotonic() < until:
        cursor.execute(_OLDER, [begun])
        if cursor.fetchone() == (0,):
            return
        time.sleep(OLDER_PAUSE_S)
    logger.warning("scrub.older_transactions")


def scrub_after_erasures() -> None:
    """Scrub when somebody was erased since the night before the last."""
    if Erasure.objects.filter(erased_at__gt=now() - SCRUBBED_WITHIN).exists():
        scrub(patience_ms=PATIENCE_MS)
