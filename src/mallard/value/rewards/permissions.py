"""What one may do with rewards."""

from django.utils.translation import gettext_lazy as _

from mallard.kernel.access.permissions import declare

VIEW_REWARD = declare("rewards.view_reward", _("See rewards, desks and their stock"))
EDIT_REWARD = declare("rewards.edit_reward", _("Change rewards and desks"))
MOVE_STOCK = declare("rewards.move_stock", _("Receive, count, send and correct rewards in stock"))
REDEEM_REWARD = declare("rewards.redeem_reward", _("Redeem rewards for members and hand them over"))
REDEEM_WITHOUT_CODE = declare(
    "rewards.redeem_without_code",
    _("Redeem rewards for members who show no code, where one is needed"),
)
CANCEL_REDEMPTION = declare(
    "rewards.cancel_redemption", _("Take back rewards that were handed over")
)
VIEW_LIABILITY = declare("rewards.view_liability", _("See what points and rewards are worth"))
