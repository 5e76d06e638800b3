"""Refusals about imports."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from mallard.kernel.errors import Conflict, Invalid, NotFound


class ImportNotFound(NotFound):
    code = "intake.not_found"
    message = _("We could not find that import.")


class FileGone(Conflict):
    code = "intake.file_gone"
    message = _("The file is not here any more. Please upload it again.")


class TooManyRows(Invalid):
    code = "intake.too_many_rows"
    message = _("A file holds at most %(limit)s rows. Please split it.")


class NoRows(Invalid):
    code = "intake.no_rows"
    message = _("The file has a header but no rows.")


class HeaderMissing(Invalid):
    code = "intake.header_missing"
    message = _("The first row must name the columns; here it looks like a member already.")


class MatchingInvalid(Invalid):
    code = "intake.matching_invalid"
    nothing_finds = _("Match at least one column that says who somebody is, such as the phone.")
    twice = _("“%(target)s” is matched with more than one column.")
    message = _("Please check which column is what.")


class WrongMoment(Conflict):
    code = "intake.wrong_moment"
    message = _("This import is at another step by now. Please look again.")


class OwnerGone(Conflict):
    code = "intake.owner_gone"
    message = _("Whoever uploaded this file may not import members any more.")


class SomebodyErased(Conflict):
    code = "intake.somebody_erased"
    message = _(
        "Somebody's personal data was erased after this file was uploaded, so the file was "
        "deleted. Please take a fresh list and upload it again."
    )


class PlaceNeeded(Invalid):
    code = "intake.place_needed"
    message = _("Choose where new members are enrolled.")


class NothingToUndo(Conflict):
    code = "intake.nothing_to_undo"
    message = _("This import changed nothing, or is undone already.")
