"""Every write about members' ways in: one function per use case."""

from mallard.world.memberweb.services.cards import (
    Provision,
    ShownCode,
    is_shown_to,
    provide_phone,
    show_code,
    spend_code,
)
from mallard.world.memberweb.services.codes import enter_code, request_code, send_code
from mallard.world.memberweb.services.links import make_link, open_link
from mallard.world.memberweb.services.sessions import (
    NewSession,
    begin_session,
    end_all,
    end_every_way_in,
    end_other_sessions,
    end_session,
    note_sighting,
)

__all__ = [
    "NewSession",
    "Provision",
    "ShownCode",
    "begin_session",
    "end_all",
    "end_every_way_in",
    "end_other_sessions",
    "end_session",
    "enter_code",
    "is_shown_to",
    "make_link",
    "note_sighting",
    "open_link",
    "provide_phone",
    "request_code",
    "send_code",
    "show_code",
    "spend_code",
]
