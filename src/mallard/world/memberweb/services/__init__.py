"""Every write about members' ways in: one function per use case."""

from mallard.world.memberweb.services.codes import enter_code, request_code, send_code
from mallard.world.memberweb.services.links import make_link, open_link
from mallard.world.memberweb.services.sessions import (
    NewSession,
    begin_session,
    end_all,
    end_other_sessions,
    end_session,
    note_sighting,
)

__all__ = [
    "NewSession",
    "begin_session",
    "end_all",
    "end_other_sessions",
    "end_session",
    "enter_code",
    "make_link",
    "note_sighting",
    "open_link",
    "request_code",
    "send_code",
]
