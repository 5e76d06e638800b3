"""What the ledger refuses, in a sentence for the person in front of it."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from mallard.kernel.errors import Conflict, DomainError, Invalid, NotFound


class InsufficientPoints(DomainError):
    code = "ledger.insufficient_points"
    status = 409
    message = _("Not enough points: %(available)s can be spent, %(asked)s are needed.")


class KeyReused(Conflict):
    """The same key came with other content."""

    code = "ledger.key_reused"
    message = _("“%(key)s” was already posted with other content.")


class AmountNotPositive(Invalid):
    code = "ledger.amount_not_positive"
    message = _("An amount must be a whole number above zero; %(amount)s is not.")


class AmountTooLarge(Invalid):
    code = "ledger.amount_too_large"
    message = _("%(amount)s is more than one posting may move (%(limit)s).")


class BatchTooLarge(Invalid):
    code = "ledger.batch_too_large"
    message = _("%(count)s postings at once; at most %(limit)s.")


class LotNeverLives(Invalid):
    code = "ledger.lot_never_lives"
    message = _("Points cannot expire before they can be spent.")


class MemberUnknown(NotFound):
    code = "ledger.member_unknown"
    message = _("There is no such member.")


class AccountUnknown(NotFound):
    code = "ledger.account_unknown"
    message = _("There is no such account.")


class HoldUnknown(NotFound):
    code = "ledger.hold_unknown"
    message = _("There is no such hold.")


class HoldClosed(Conflict):
    code = "ledger.hold_closed"
    message = _("This hold has already ended.")


class HoldOverdue(Conflict):
    code = "ledger.hold_overdue"
    message = _("This hold ran out at %(deadline)s; the points are free again.")


class RedemptionUnknown(NotFound):
    code = "ledger.redemption_unknown"
    message = _("There is no such redemption.")


class RestoreTooLarge(DomainError):
    code = "ledger.restore_too_large"
    message = _("Only %(left)s of this redemption can still be given back; %(asked)s were asked.")


class HoldWithoutTime(Invalid):
    code = "ledger.hold_without_time"
    message = _("A hold must end after it begins.")


class LotUnknown(NotFound):
    code = "ledger.lot_unknown"
    message = _("There is no such lot of points.")


class LotOver(Conflict):
    code = "ledger.lot_over"
    message = _("These points have expired already; bring them back instead.")


class LotNotExpired(Conflict):
    code = "ledger.lot_not_expired"
    message = _("Nothing of these points has expired.")


class NotLater(Invalid):
    code = "ledger.not_later"
    message = _("The new end must be later than the present one, and in the future.")


class GiftToOneself(Invalid):
    code = "ledger.gift_to_oneself"
    message = _("Giver and receiver are the same person.")
