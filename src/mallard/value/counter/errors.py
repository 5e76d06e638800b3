"""What is refused at the desk, in a sentence that an agent can read out."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from mallard.kernel.errors import Conflict, Forbidden, Invalid, NotFound


class PaperUnknown(NotFound):
    code = "counter.paper_unknown"
    message = _("There is no such paper receipt, or you may not see it.")


class StoreNotHere(Invalid):
    code = "counter.store_not_here"
    message = _("Choose a store that you serve.")


class StoreClosedThen(Invalid):
    code = "counter.store_closed_then"
    message = _("%(store)s did not trade on %(day)s. Check the store and the day on the receipt.")


class InFuture(Invalid):
    code = "counter.in_future"
    message = _("This time has not come yet. Check the day on the receipt.")


class TooOld(Invalid):
    code = "counter.too_old"
    message = _("Receipts are taken for %(days)s days; this one is of %(day)s.")


class AmountAbsurd(Invalid):
    code = "counter.amount_absurd"
    message = _("Type the amount paid, above 0 and at most %(most)s.")


class RestrictedUnclear(Invalid):
    code = "counter.restricted_unclear"
    message = _("Say which restricted goods, and how much of the amount they were.")


class OnlyRestricted(Invalid):
    code = "counter.only_restricted"
    message = _("Restricted goods earn nothing, and there is nothing else on this receipt.")


class GoodsTooMuch(Invalid):
    code = "counter.goods_too_much"
    message = _("The goods come to more than the amount of the receipt.")


class GoodsUnknown(Invalid):
    code = "counter.goods_unknown"
    message = _("The catalogue does not know %(code)s. Leave the line out, or correct the code.")


class JoinedLater(Conflict):
    code = "counter.joined_later"
    message = _("They joined on %(day)s, after this purchase: it earns nothing.")


class AlreadyTheirs(Conflict):
    code = "counter.already_theirs"
    message = _("This receipt is theirs already: it earned %(points)s points.")


class OthersReceipt(Conflict):
    code = "counter.others_receipt"
    message = _("This receipt belongs to another member. Nothing was changed, and it is noted.")


class BroughtBefore(Conflict):
    code = "counter.brought_before"
    message = _("This receipt was brought in before, on %(moment)s: %(state)s.")


class NotAsTheTillSays(Conflict):
    code = "counter.not_as_the_till_says"
    message = _(
        "The till has this number with another day or amount. Check them against the paper."
    )


class TillHasSpoken(Conflict):
    code = "counter.till_has_spoken"
    message = _(
        "%(store)s has sent receipts of %(day)s by now, and this number is not among them. Look at"
        " the paper once more, then decide."
    )


class KeyReused(Conflict):
    code = "counter.key_reused"
    message = _("This form was used before for something else. Open it again.")


class AlreadyDecided(Conflict):
    code = "counter.already_decided"
    message = _("This receipt has been decided already.")


class SecondPersonNeeded(Forbidden):
    code = "counter.second_person_needed"
    message = _("You brought this in yourself: a second person decides.")


class WhyNeeded(Invalid):
    code = "counter.why_needed"
    message = _("Please say why, in 5 to 200 characters.")
