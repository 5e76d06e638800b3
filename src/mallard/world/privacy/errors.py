"""Refusals about privacy requests."""

from django.utils.translation import gettext_lazy as _

from mallard.kernel.errors import Conflict, Invalid, NotFound


class RequestNotFound(NotFound):
    code = "privacy.not_found"
    message = _("There is no such privacy request, or you may not see it.")


class RequestClosed(Conflict):
    code = "privacy.closed"
    message = _("This request is answered already.")


class OutcomeNeeded(Invalid):
    code = "privacy.outcome_needed"
    message = _("Say what was done, or why not, in 1 to 1,000 characters: the member reads it.")


class WordsNeeded(Invalid):
    code = "privacy.words_needed"
    message = _("Say in a few words what the member asks for.")
