"""Where sessions are kept: Django's rows, read by a prepared statement."""

from __future__ import annotations

from typing import Any

from django.contrib.sessions.backends import db
from django.utils import timezone

from mallard.kernel.database.prepared import fetch_rows

_LIVE = "SELECT session_data FROM django_session WHERE session_key = %s AND expire_date > %s"


class SessionStore(db.SessionStore):
    """Django's store. Each page reads one session by its key, from the database and never from
    memory: one that was ended elsewhere is over on the very next request."""

    def load(self) -> dict[str, Any]:
        """What the session holds; nothing, and no key any more, when it is over or never was."""
        key = self.session_key
        # A key that no column can keep is nobody's.
        rows = fetch_rows(_LIVE, [key, timezone.now()]) if key and "\0" not in key else []
        if not rows:
            self._session_key = None
            return {}
        held: dict[str, Any] = self.decode(rows[0][0])
        return held
