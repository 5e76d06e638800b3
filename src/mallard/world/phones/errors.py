"""What is refused about phones, in a sentence for the desk."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from mallard.kernel.errors import Conflict, Forbidden, Invalid, NotFound


class ChangeUnknown(NotFound):
    code = "phones.change_unknown"
    message = _("There is no such change of phone, or you may not see it.")


class SamePhone(Invalid):
    code = "phones.same_phone"
    message = _("This is the member's phone already.")


class WhichPhone(Invalid):
    code = "phones.which_phone"
    message = _("Choose which phone is replaced.")


class NoVerifiedEmail(Conflict):
    code = "phones.no_verified_email"
    message = _("The member has no verified e-mail. Look at a document instead.")


class DocumentNeeded(Invalid):
    code = "phones.document_needed"
    message = _("Say which document you have seen.")


class ChangeWaits(Conflict):
    code = "phones.change_waits"
    message = _("A change of this member's phone waits for a second person already.")


class KeyReused(Conflict):
    code = "phones.key_reused"
    message = _("This form was used before for something else. Open it again.")


class CodeNotRight(Invalid):
    code = "phones.code_not_right"
    message = _("That is not the code. %(left)s tries are left.")


class CodeOver(Conflict):
    code = "phones.code_over"
    message = _("This code is over. Begin the change again.")


class ChangeDecided(Conflict):
    code = "phones.change_decided"
    message = _("This change of phone is over already.")


class OwnChange(Forbidden):
    code = "phones.own_change"
    message = _("You saw the document yourself: a second person decides.")


class WhyNeeded(Invalid):
    code = "phones.why_needed"
    message = _("Please say why, in 5 to 200 characters.")
