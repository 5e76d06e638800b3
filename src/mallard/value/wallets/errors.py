"""What is refused, in a sentence for the person in front of it."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from mallard.kernel.errors import Conflict, Forbidden, Invalid, NotFound


class WalletFrozen(Conflict):
    code = "wallets.wallet_frozen"
    message = _("These points are frozen: they cannot be spent until they are released.")


class AlreadyFrozen(Conflict):
    code = "wallets.already_frozen"
    message = _("These points are frozen already.")


class NotFrozen(Conflict):
    code = "wallets.not_frozen"
    message = _("These points are not frozen.")


class ReasonNeeded(Invalid):
    code = "wallets.reason_needed"
    message = _("Please say why, in 5 to 200 characters.")


class RequestUnknown(NotFound):
    code = "wallets.request_unknown"
    message = _("There is no such request.")


class RequestDecided(Conflict):
    code = "wallets.request_decided"
    message = _("This request has been decided already.")


class SamePerson(Forbidden):
    code = "wallets.same_person"
    message = _("You asked for this yourself: a second person decides.")


class KeyReused(Conflict):
    code = "wallets.key_reused"
    message = _("This key was used before for something else.")


class FunderUnknown(Invalid):
    code = "wallets.funder_unknown"
    message = _("We could not find who bears the cost.")


class GiftTooLarge(Conflict):
    code = "wallets.gift_too_large"
    message = _("A member may give away %(limit)s points in %(days)s days; %(left)s are left.")


class CoolingDown(Conflict):
    code = "wallets.cooling_down"
    message = _("The phone was changed lately: points can be given away from %(moment)s on.")


class SpendingCoolingDown(Conflict):
    code = "wallets.spending_cooling_down"
    message = _("The phone was changed lately: points can be spent from %(moment)s on.")


class NotCoolingDown(Conflict):
    code = "wallets.not_cooling_down"
    message = _("These points can be spent already.")


class FamilyOfOneself(Invalid):
    code = "wallets.family_of_oneself"
    message = _("This is the same person.")


class RightUnknown(NotFound):
    code = "wallets.right_unknown"
    message = _("There is no such right to spend.")
