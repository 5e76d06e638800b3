"""Refusals at the door of the member page."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from mallard.kernel.errors import Conflict, Invalid, NotFound


class NothingTyped(Invalid):
    code = "memberweb.nothing_typed"
    message = _("Type your phone number, e-mail address or card number.")


class CodeWrong(Invalid):
    code = "memberweb.code_wrong"
    message = _("This code is not right. You have %(left)s tries left.")


class CodeGone(Conflict):
    code = "memberweb.code_gone"
    message = _("This code no longer works. Ask for a new one.")


class LinkGone(NotFound):
    code = "memberweb.link_gone"
    message = _("This link no longer works. Ask the service desk for a new one, or use a code.")


class SessionNotFound(NotFound):
    code = "memberweb.session_not_found"
    message = _("You are not signed in there any more.")


class LinkImpossible(Conflict):
    code = "memberweb.link_impossible"
    message = _("This membership is not open, so it has no page to link to.")
