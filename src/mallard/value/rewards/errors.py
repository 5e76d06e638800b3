"""What rewards refuse, in a sentence for the person at the desk."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from mallard.kernel.errors import Conflict, DomainError, Invalid, NotFound


class RewardUnknown(NotFound):
    code = "rewards.reward_unknown"
    message = _("There is no such reward.")


class DeskUnknown(NotFound):
    code = "rewards.desk_unknown"
    message = _("There is no such desk.")


class RedemptionUnknown(NotFound):
    code = "rewards.redemption_unknown"
    message = _("There is no such redemption.")


class RewardInvalid(Invalid):
    code = "rewards.reward_invalid"


class NotFamily(DomainError):
    code = "rewards.not_family"
    status = 409
    message = _("This member may not spend the points of one of those who should pay.")


class RewardClosed(Conflict):
    code = "rewards.reward_closed"
    message = _("“%(reward)s” is not offered now.")


class DeskClosed(Conflict):
    code = "rewards.desk_closed"
    message = _("The desk “%(desk)s” is closed.")


class TierTooLow(DomainError):
    code = "rewards.tier_too_low"
    status = 409
    message = _("“%(reward)s” is for members from the tier %(tier)s on.")


class LimitReached(DomainError):
    code = "rewards.limit_reached"
    status = 409
    message = _("At most %(limit)s for each member; this member has taken %(taken)s.")


class OutOfStock(Conflict):
    code = "rewards.out_of_stock"
    message = _("Only %(free)s left at %(desk)s; %(asked)s were asked for.")


class QuantityInvalid(Invalid):
    code = "rewards.quantity_invalid"
    message = _("A quantity is a whole number from 1 to %(limit)s.")


class StockPromised(Conflict):
    code = "rewards.stock_promised"
    message = _("%(reserved)s of these are promised to members: there cannot be fewer.")


class ReasonNeeded(Invalid):
    code = "rewards.reason_needed"
    message = _("Please say why.")


class SameDesk(Invalid):
    code = "rewards.same_desk"
    message = _("Choose another desk to send them to.")


class NotCounted(Invalid):
    code = "rewards.not_counted"
    message = _("“%(reward)s” has no stock: there is always one.")


class NotHeld(Conflict):
    code = "rewards.not_held"
    message = _("This redemption is not waiting for a confirmation: it is “%(status)s”.")


class HoldOver(Conflict):
    code = "rewards.hold_over"
    message = _("The time to confirm this redemption is over; points and goods are free again.")


class NotWaiting(Conflict):
    code = "rewards.not_waiting"
    message = _("There is nothing to hand over: this redemption is “%(status)s”.")


class CollectionOver(Conflict):
    code = "rewards.collection_over"
    message = _("The time to collect this is over.")


class WrongDesk(Conflict):
    code = "rewards.wrong_desk"
    message = _("This lies at %(desk)s.")


class AlreadyEnded(Conflict):
    code = "rewards.already_ended"
    message = _("This redemption has ended already: it is “%(status)s”.")


class KeyReused(Conflict):
    code = "rewards.key_reused"
    message = _("This key was used before for something else.")


class MembershipClosed(Conflict):
    code = "rewards.membership_closed"
    message = _("This membership is closed.")


class CodeUnknown(Invalid):
    code = "rewards.code_unknown"
    message = _("No redemption at your desks has this code. Please check it.")
