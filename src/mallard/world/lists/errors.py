"""Refusals about lists."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from mallard.kernel.errors import Conflict, Forbidden, Invalid, NotFound


class ListNotFound(NotFound):
    code = "lists.not_found"
    message = _("There is no such list, or it is not shared with you.")


class ListNotYours(Forbidden):
    code = "lists.not_yours"
    message = _("This list belongs to somebody else. Ask its owner.")


class ListClosed(Conflict):
    code = "lists.closed"
    message = _("This list is closed. Open it again first.")


class ListInvalid(Invalid):
    code = "lists.invalid"
    name_needed = _("Give the list a name.")
    name_taken = _("You have an open list of this name already.")
    unknown_role = _("There is no such role.")
    unknown_mall = _("There is no such mall within your reach.")
    payment_card = _(
        "This looks like a bank card number. Bank card numbers must not be stored here."
    )
    message = _("Please check what you entered.")


class ListFull(Conflict):
    code = "lists.full"
    message = _("A list holds at most %(limit)s members. Begin another, or use a segment.")


class ChangeNotUndoable(Conflict):
    code = "lists.not_undoable"
    message = _("This was undone already.")


class FileUnsuitable(Invalid):
    code = "lists.file_unsuitable"
    no_finder = _(
        "No column says who somebody is. Name one member number, phone, card, e-mail or plate."
    )
    too_many = _("At most %(limit)s rows at once.")
    message = _("This file cannot be used.")
