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


class PhoneKeyInvalid(Invalid):
    code = "memberweb.phone_key_invalid"
    message = _("This phone sent no key that we can use.")


class CardCodeUnknown(NotFound):
    code = "memberweb.card_code_unknown"
    message = _("This code is not right. Let the phone renew it, then scan it again.")


class CardCodeOld(Conflict):
    code = "memberweb.card_code_old"
    message = _("This code is not of now. Scan the one that the phone shows at this moment.")


class PhoneClockWrong(Conflict):
    code = "memberweb.phone_clock_wrong"
    message = _(
        "The clock of this phone is %(minutes)s minutes off. Once it has a connection, its code is"
        " right again."
    )


class CardCodeUsed(Conflict):
    code = "memberweb.card_code_used"
    message = _("This code was used already. Wait until the phone shows the next one.")


class CardCodeNeeded(Conflict):
    code = "memberweb.card_code_needed"
    message = _("Scan the code that changes, from the card on the member’s phone.")


class CardCodeOfAnother(Conflict):
    code = "memberweb.card_code_of_another"
    message = _("This code is another member’s.")
