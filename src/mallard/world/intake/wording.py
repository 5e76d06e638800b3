"""Why rows are refused, as sentences for whoever puts the file right."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mallard.world.intake.targets import Target

SENTENCES: dict[str, Promise] = {
    "payment_card": gettext_lazy(
        "This looks like a bank card number. Bank card numbers must not be stored here."
    ),
    "spoilt": gettext_lazy(
        "A formula, an error value, a number that lost digits, or text that is no text. Format the "
        "column as text in the spreadsheet."
    ),
    "nobody": gettext_lazy("Nothing in this row says who it is."),
    "bad_number": gettext_lazy("This is no member number."),
    "bad_identity": gettext_lazy("Not complete or not well-formed."),
    "bad_gender": gettext_lazy("Write female, male or other (女, 男, 其他)."),
    "bad_date": gettext_lazy("Write the date as year-month-day, such as 1990-05-21."),
    "too_young": gettext_lazy("Members are at least %(age)s years old."),
    "ambiguous_date": gettext_lazy("Day and month cannot be told apart. Put the year first."),
    "future_date": gettext_lazy("This day has not come yet."),
    "too_long": gettext_lazy("Use at most 80 characters."),
    "neither_yes_nor_no": gettext_lazy("Write yes or no (是, 否)."),
    "bad_language": gettext_lazy("Write English or Chinese (英文, 中文)."),
    "unknown_tag": gettext_lazy("It names a tag that does not exist."),
    "unknown_referrer": gettext_lazy("Nobody has this referral code or member number."),
    "bad_value": gettext_lazy("This is not what the field holds."),
    "required": gettext_lazy("A new member needs this."),
    "hidden_field": gettext_lazy("You may not change this field, or it is not in use."),
    "unknown_store": gettext_lazy("There is no such store within your places."),
    "unknown_mall": gettext_lazy("There is no such mall within your places."),
    "home_elsewhere": gettext_lazy("Where this member enrolled is not one of your places."),
    "bought_before": gettext_lazy("They bought something before this day."),
    "no_place": gettext_lazy("It does not say where the member is enrolled."),
    "repeated": gettext_lazy("Row %(row)s is about the same member already."),
    "two_members": gettext_lazy("Its identities belong to different members."),
    "elsewhere": gettext_lazy("This member exists already, outside your places."),
    "closed": gettext_lazy("This membership is closed. Reopen it first."),
    "unknown_member": gettext_lazy("There is no such member, and this import only updates."),
    "known_member": gettext_lazy("This member exists already, and this import only enrols."),
    "needs_identity": gettext_lazy("A new member needs a phone number or another identity."),
    "too_many_identities": gettext_lazy("The member would have too many identities."),
    "taken_meanwhile": gettext_lazy(
        "Somebody else changed this member meanwhile. Import it again."
    ),
}


def sentences(
    problems: Sequence[Mapping[str, Any]] | None, known: Mapping[str, Target]
) -> list[str]:
    """What is wrong with a row, in the reader's language: “Phone: not well-formed”. ``known``
    are the `targets`."""
    found = []
    for problem in problems or ():
        told = str(SENTENCES.get(problem["code"], _("It cannot be taken in."))) % problem["params"]
        target = known.get(problem.get("target", ""))
        found.append(
            _("%(column)s: %(told)s") % {"column": target.label, "told": told} if target else told
        )
    return found
