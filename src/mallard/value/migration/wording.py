"""Why a row is refused, in words."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

PROBLEMS: dict[str, Promise] = {
    "spoilt": _("A cell is damaged (a formula, or a number that lost its digits)"),
    "nobody": _("It names no member"),
    "unknown": _("Unknown member: import the members first"),
    "closed": _("The membership is closed"),
    "date": _("A date cannot be read"),
    "earned": _("The day on which the points were earned is missing"),
    "future": _("A day lies in the future"),
    "expired": _("It has expired already"),
    "never_lives": _("The points expire before they can be used"),
    "whole_number": _("A number is no whole number"),
    "negative": _("The number is negative or zero"),
    "too_many": _("The number is out of all proportion"),
    "funder": _("Unknown funder"),
    "tier": _("Unknown tier"),
    "until": _("The last day of the tier is missing"),
    "reason": _("The reason seems to name a person"),
    "twice": _("It stands in the file twice"),
}


def problem_words(code: str) -> str:
    """The sentence of a problem."""
    return str(PROBLEMS.get(code, code))
