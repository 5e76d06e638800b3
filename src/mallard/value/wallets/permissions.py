"""What one may do to members' points besides earning and spending."""

from django.utils.translation import gettext_lazy as _

from mallard.kernel.access.permissions import declare

CHANGE_POINTS = declare("wallets.change_points", _("Adjust, extend and reinstate members' points"))
APPROVE_REQUEST = declare("wallets.approve_request", _("Approve changes of points by others"))
FREEZE_WALLET = declare("wallets.freeze_wallet", _("Freeze members' points and release them"))
LIFT_COOL_DOWN = declare(
    "wallets.lift_cool_down", _("Let points be spent again soon after a change of phone")
)
GIVE_POINTS = declare("wallets.give_points", _("Move points from a member to another"))
